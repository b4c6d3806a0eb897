package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;

/** Of all contents that an object of the bucket may have, only the one that was written opens as the record. */
@Tag("pure")
class RecordFuzzTest {
    private static final String REASONS = "The record is unreadable: (its version is not 1"
            + "|its text is not (that of a record|the one that was written)"
            + "|it belongs to another token"
            + "|it is sealed with share -?[0-9]+, which the keyring doesn't hold"
            + "|its salt does not have 32 bytes"
            + "|[a-z ]+)\\.";

    private static final JsonNode VECTOR = vector();
    private static final byte[] WRITTEN = VECTOR.get("record").textValue().getBytes(StandardCharsets.UTF_8);
    private static final Token TOKEN = Token.parse(VECTOR.get("token").textValue());
    private static final RecordCipher CIPHER = new RecordCipher(Keyring.of(Map.of(
            "lookup", bytes("lookup"),
            "share-3", bytes("share-3"),
            "primary", "3".getBytes(StandardCharsets.UTF_8))));

    @FuzzTest(maxDuration = "10m")
    void onlyTheTextThatWasWrittenOpens(byte[] text) {
        boolean isWritten = Arrays.equals(text, WRITTEN);
        Record record;
        try {
            record = RecordJson.read(text);
        } catch (UnreadableRecord refused) {
            assertThat(isWritten).isFalse();
            assertThat(refused).message().matches(REASONS);
            return;
        }
        assertThat(RecordJson.write(record)).isEqualTo(text);
        assertThat(record.toString()).isEqualTo("Record[" + record.id() + ", share " + record.share() + "]");
        assertThat(opens(() -> CIPHER.open(TOKEN, record))).isEqualTo(isWritten);
        assertThat(opens(() -> CIPHER.openOuterLayer(record))).isEqualTo(isWritten);
        assertThat(opens(() -> CIPHER.rewrap(record))).isEqualTo(isWritten);
    }

    private static boolean opens(Runnable attempt) {
        try {
            attempt.run();
            return true;
        } catch (UnreadableRecord refused) {
            assertThat(refused).message().matches(REASONS);
            return false;
        }
    }

    private static JsonNode vector() {
        try (InputStream in =
                Objects.requireNonNull(RecordFuzzTest.class.getResourceAsStream("/vectors/record.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String name) {
        return HexFormat.of().parseHex(VECTOR.get(name).textValue());
    }
}
