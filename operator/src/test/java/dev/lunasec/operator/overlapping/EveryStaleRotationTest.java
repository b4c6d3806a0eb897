package dev.lunasec.operator.overlapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link OverlappingOperatorsTest} for each write of a rotation up to the retirement of the share. */
@Tag("full")
class EveryStaleRotationTest {
    @Test
    void noStaleWriteOfARotationHarmsTheVault() throws Exception {
        Map<Integer, String> stopped = EveryStaleWrite.of(OverlappingOperators::rotate);
        assertThat(stopped.values())
                .anyMatch(write -> write.matches("PATCH .*/secrets/v..-keyring"))
                .anyMatch(write -> write.matches("PUT /v../records/start-2-.*"))
                .anyMatch(write -> write.startsWith("POST") && write.endsWith("/jobs"))
                .anyMatch(write -> write.startsWith("POST") && write.endsWith("/secrets"));
    }
}
