package dev.lunasec.operator.overlapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two operators bind the same vaults. The first one is stopped before one of its writes, another one in each vault, and
 * makes it when the second one has bound the vault.
 */
@Tag("api-server")
class OverlappingOperatorsTest {
    @Test
    void aVaultIsBoundOnceAndHasOneKeyringAndOneIdentity() throws Exception {
        try (OverlappingOperators operators = new OverlappingOperators()) {
            Map<Integer, String> stopped = operators.bind(List.of(1, 4, 8, 12, 13, 17));
            assertThat(stopped).hasSizeGreaterThan(4);
            System.out.println("The first operator was stopped before these writes: " + stopped);
        }
    }
}
