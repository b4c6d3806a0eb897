package dev.lunasec.operator.overlapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link OverlappingOperatorsTest} for each write of a binding. */
@Tag("full")
class EveryStaleBindingTest {
    @Test
    void noStaleWriteOfABindingHarmsTheVault() throws Exception {
        Map<Integer, String> stopped = EveryStaleWrite.of(OverlappingOperators::bind);
        assertThat(stopped.values())
                .anyMatch(write -> write.matches("PUT /v../vault/.*"))
                .anyMatch(write -> write.matches("PUT /v../records/start-1-.*"))
                .anyMatch(write -> write.matches("PATCH .*/secrets/v..-keyring"));
    }
}
