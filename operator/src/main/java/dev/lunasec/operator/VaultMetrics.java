package dev.lunasec.operator;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.operator.dependent.Names;
import io.fabric8.kubernetes.api.model.Condition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The conditions of all vaults as numbers, for alerts: {@code tokenizer_vault_condition} is 1 while a condition is true. */
final class VaultMetrics {
    private final MultiGauge gauge;
    private final Map<Names, List<Condition>> vaults = new ConcurrentHashMap<>();

    VaultMetrics(MeterRegistry registry) {
        gauge = MultiGauge.builder("tokenizer.vault.condition")
                .description("1 while the condition of a vault is true, else 0")
                .register(registry);
    }

    void tell(Tokenizer tokenizer, TokenizerStatus status) {
        vaults.put(Names.of(tokenizer), Objects.requireNonNullElse(status.conditions(), List.of()));
        register();
    }

    void forget(Tokenizer tokenizer) {
        vaults.remove(Names.of(tokenizer));
        register();
    }

    private synchronized void register() {
        gauge.register(
                vaults.entrySet().stream()
                        .flatMap(vault -> vault.getValue().stream().map(condition -> row(vault.getKey(), condition)))
                        .toList(),
                true);
    }

    private static Row<Number> row(Names names, Condition condition) {
        return Row.of(
                Tags.of("namespace", names.namespace(), "vault", names.vault(), "type", condition.getType()),
                condition.getStatus().equals("True") ? 1 : 0);
    }
}
