package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of all contents that an erasure marker may have, only the one that was written is one. */
@Tag("pure")
class ErasureMarkerFuzzTest {
    private static final RecordId ID = new RecordId("df557386b7b2bcfa7bebd8375ff65017");
    private static final Keyring KEYRING = Keyring.of(
            Map.of("lookup", new byte[32], "share-3", new byte[32], "primary", "3".getBytes(StandardCharsets.UTF_8)));
    private static final ErasureClaims CLAIMS = new ErasureClaims(
            KEYRING.vaultId(),
            ID,
            new ObjectName("1c7535fa943b9fd6d6705ce6f5582f91"),
            Instant.ofEpochSecond(1_767_225_600),
            List.of(1, 3));
    private static final byte[] WRITTEN = ErasureMarker.write(CLAIMS, KEYRING);

    @Test
    void theMarkerThatWasWrittenIsRead() {
        assertThat(ErasureMarker.read(WRITTEN, ID, KEYRING)).hasValue(CLAIMS);
    }

    @FuzzTest(maxDuration = "10m")
    void noOtherContentIsAMarker(byte[] content) {
        assertThat(ErasureMarker.read(content, ID, KEYRING).isPresent()).isEqualTo(Arrays.equals(content, WRITTEN));
    }
}
