package dev.lunasec.operator.report;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.contract.SweepResult;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Condition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The status of all vaults as metrics, for alerts: {@code tokenizer_vault_condition} is 1 for the status that a
 * condition has, and {@code tokenizer_vault_keys_…} says how far a rotation is.
 */
public final class VaultMetrics {
    private static final List<String> STATUSES = List.of("True", "False", "Unknown");

    private final MultiGauge conditions;
    private final MultiGauge primary;
    private final MultiGauge overdue;
    private final MultiGauge records;
    private final MultiGauge withoutValue;
    private final Map<Names, TokenizerStatus> vaults = new ConcurrentHashMap<>();
    private final Map<Names, SweepResult> sweeps = new ConcurrentHashMap<>();

    public VaultMetrics(MeterRegistry registry) {
        conditions = gauge(
                "tokenizer.vault.condition", "1 for the status that the condition of a vault has, else 0", registry);
        primary = gauge("tokenizer.vault.keys.primary", "number of the share that new records use", registry);
        overdue = gauge("tokenizer.vault.keys.overdue", "1 while a rotation should have been complete", registry);
        records = gauge("tokenizer.vault.keys.records", "records of the current rotation, by state", registry);
        withoutValue = gauge(
                "tokenizer.vault.tokens.without.value",
                "tokens that seem to have no uploaded value, as the last sweep estimated",
                registry);
    }

    private static MultiGauge gauge(String name, String description, MeterRegistry registry) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** Shows the status of a vault from now on. */
    public void update(Tokenizer tokenizer, TokenizerStatus status) {
        vaults.put(Names.of(tokenizer), status);
        register();
    }

    /** Shows what the last sweep of a vault counted from now on. */
    public void swept(Tokenizer tokenizer, SweepResult result) {
        if (!result.equals(sweeps.put(Names.of(tokenizer), result))) register();
    }

    /** Shows nothing of this vault any more. */
    public void forget(Tokenizer tokenizer) {
        vaults.remove(Names.of(tokenizer));
        sweeps.remove(Names.of(tokenizer));
        register();
    }

    private synchronized void register() {
        conditions.register(rows(vaults, VaultMetrics::conditions), true);
        primary.register(rows(vaults, VaultMetrics::primary), true);
        overdue.register(rows(vaults, VaultMetrics::overdue), true);
        records.register(rows(vaults, VaultMetrics::records), true);
        withoutValue.register(rows(sweeps, VaultMetrics::withoutValue), true);
    }

    private static <T> List<Row<?>> rows(Map<Names, T> vaults, BiFunction<Tags, T, Stream<Row<?>>> rowsOf) {
        return vaults.entrySet().stream()
                .flatMap(vault -> rowsOf.apply(
                        Tags.of(
                                "namespace",
                                vault.getKey().namespace(),
                                "vault",
                                vault.getKey().vault()),
                        vault.getValue()))
                .collect(Collectors.toList());
    }

    private static Stream<Row<?>> conditions(Tags vault, TokenizerStatus status) {
        return Objects.requireNonNullElse(status.conditions(), List.<Condition>of()).stream()
                .flatMap(condition -> STATUSES.stream()
                        .map(value -> Row.of(
                                vault.and("type", condition.getType(), "status", value),
                                condition.getStatus().equals(value) ? 1 : 0)));
    }

    private static Stream<Row<?>> primary(Tags vault, TokenizerStatus status) {
        return Stream.ofNullable(status.keys()).map(keys -> Row.of(vault, keys.primary()));
    }

    private static Stream<Row<?>> overdue(Tags vault, TokenizerStatus status) {
        return Stream.ofNullable(status.keys()).map(keys -> Row.of(vault, Boolean.TRUE.equals(keys.overdue()) ? 1 : 0));
    }

    private static Stream<Row<?>> withoutValue(Tags vault, SweepResult result) {
        return Stream.of(Row.of(vault, result.tokensWithoutValue()));
    }

    private static Stream<Row<?>> records(Tags vault, TokenizerStatus status) {
        return Stream.ofNullable(status.keys())
                .flatMap(keys -> Stream.ofNullable(keys.records()))
                .flatMap(records -> Stream.of(
                        Row.of(vault.and("state", "rewrapped"), records.rewrapped()),
                        Row.of(vault.and("state", "left"), records.left()),
                        Row.of(vault.and("state", "quarantined"), records.quarantined())));
    }
}
