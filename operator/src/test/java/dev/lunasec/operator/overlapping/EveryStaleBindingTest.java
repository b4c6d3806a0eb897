package dev.lunasec.operator.overlapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link OverlappingOperatorsTest} for each write of a binding, and of a rotation up to the retirement of the share.
 */
@Tag("full")
class EveryStaleWriteTest {
    private interface Overlap {
        Map<Integer, String> in(OverlappingOperators operators, List<Integer> numbers);
    }

    @Test
    void noStaleWriteOfABindingHarmsTheVault() throws Exception {
        Map<Integer, String> stopped = every(OverlappingOperators::bind, OverlappingOperators.BINDINGS);
        assertThat(stopped.values())
                .anyMatch(write -> write.matches("PUT /v../vault/.*"))
                .anyMatch(write -> write.matches("PUT /v../records/start-1-.*"))
                .anyMatch(write -> write.matches("PATCH .*/secrets/v..-keyring"));
    }

    @Test
    void noStaleWriteOfARotationHarmsTheVault() throws Exception {
        Map<Integer, String> stopped = every(OverlappingOperators::rotate, OverlappingOperators.ROTATIONS);
        assertThat(stopped.values())
                .anyMatch(write -> write.matches("PATCH .*/secrets/v..-keyring"))
                .anyMatch(write -> write.matches("PUT /v../records/start-2-.*"))
                .anyMatch(write -> write.startsWith("POST") && write.endsWith("/jobs"))
                .anyMatch(write -> write.startsWith("POST") && write.endsWith("/secrets"));
    }

    /** Goes on until there is a number that is higher than that of the last write. */
    private static Map<Integer, String> every(Overlap overlap, int vaults) throws Exception {
        Map<Integer, String> stopped = new TreeMap<>();
        for (int from = 1; ; from += vaults) {
            List<Integer> numbers = IntStream.range(from, from + vaults).boxed().toList();
            try (OverlappingOperators operators = new OverlappingOperators()) {
                Map<Integer, String> now = overlap.in(operators, numbers);
                stopped.putAll(now);
                if (now.size() < numbers.size()) break;
            }
        }
        System.out.println("The first operator was stopped before these writes: " + stopped);
        return stopped;
    }
}
