package dev.lunasec.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.contract.SweepResult;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics tell an unknown condition from a false one, so that an alert can fire for only one of them. */
@Tag("pure")
class VaultMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theTokensWithoutAValueAreThoseOfTheLastSweepUntilTheVaultIsDeleted() {
        Tokenizer vault = new Tokenizer();
        vault.setMetadata(new ObjectMetaBuilder()
                .withNamespace("payments")
                .withName("vault")
                .build());
        VaultMetrics metrics = new VaultMetrics(registry);
        metrics.swept(vault, new SweepResult(12));
        metrics.swept(vault, new SweepResult(7));
        assertThat(registry.get("tokenizer.vault.tokens.without.value")
                        .tag("namespace", "payments")
                        .tag("vault", "vault")
                        .gauge()
                        .value())
                .isEqualTo(7);
        metrics.forget(vault);
        assertThat(registry.find("tokenizer.vault.tokens.without.value").gauges())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "False", "Unknown"})
    void aConditionHasOneSeriesForEachStatus(String status) {
        Tokenizer vault = new Tokenizer();
        vault.setMetadata(new ObjectMetaBuilder()
                .withNamespace("payments")
                .withName("vault")
                .build());
        var condition =
                new ConditionBuilder().withType("KeysReady").withStatus(status).build();
        new VaultMetrics(registry)
                .update(vault, new TokenizerStatus(null, List.of(condition), null, null, null, null, null, null));
        for (String each : List.of("True", "False", "Unknown")) {
            assertThat(registry.get("tokenizer.vault.condition")
                            .tag("type", "KeysReady")
                            .tag("status", each)
                            .gauge()
                            .value())
                    .as(each)
                    .isEqualTo(each.equals(status) ? 1 : 0);
        }
    }
}
