package dev.lunasec.operator;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.operator.bucket.SettingResult;
import dev.lunasec.operator.dependent.Names;
import dev.lunasec.operator.rotation.Step;
import dev.lunasec.operator.status.Pods;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a resource, from what was seen and decided. */
final class StatusOf {
    private StatusOf() {}

    static TokenizerStatus status(
            Tokenizer tokenizer,
            Observed observed,
            @Nullable Step step,
            Pods pods,
            Map<String, Verdict> verdicts,
            Instant now) {
        Names names = Names.of(tokenizer);
        return new TokenizerStatus(
                tokenizer.getMetadata().getGeneration(),
                conditions(tokenizer, verdicts, now),
                names.endpoint(tokenizer.getSpec().tls() != null),
                pods.existing(),
                names.selector(Names.Component.TOKENIZER).entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .sorted()
                        .collect(Collectors.joining(",")),
                storage(tokenizer, observed),
                KeysStatusOf.keys(tokenizer, observed, step, now));
    }

    /** The same status with another {@code Ready}, for a pass that failed before it could see anything. */
    static TokenizerStatus failed(Tokenizer tokenizer, Verdict ready, Instant now) {
        return with(tokenizer, condition(tokenizer, "Ready", ready, now));
    }

    private static TokenizerStatus with(Tokenizer tokenizer, Condition changed) {
        TokenizerStatus before = tokenizer.getStatus();
        List<Condition> conditions = conditions(tokenizer).stream()
                .filter(condition -> !condition.getType().equals(changed.getType()))
                .collect(Collectors.toList());
        conditions.add(changed);
        Long generation = tokenizer.getMetadata().getGeneration();
        if (before == null) return new TokenizerStatus(generation, conditions, null, null, null, null, null);
        return new TokenizerStatus(
                generation,
                conditions,
                before.endpoint(),
                before.replicas(),
                before.selector(),
                before.storage(),
                before.keys());
    }

    /** The same status, with a condition that says that nothing is done. */
    static TokenizerStatus paused(Tokenizer tokenizer, Instant now) {
        Verdict paused = Verdict.yes(
                "Paused",
                "Nothing is done about this vault; remove the annotation " + TokenizerReconciler.PAUSED + " to go on.");
        return with(tokenizer, condition(tokenizer, "Paused", paused, now));
    }

    /** The conditions that stand in the resource now. */
    static List<Condition> conditions(Tokenizer tokenizer) {
        TokenizerStatus status = tokenizer.getStatus();
        return status == null || status.conditions() == null ? List.of() : status.conditions();
    }

    private static List<Condition> conditions(Tokenizer tokenizer, Map<String, Verdict> verdicts, Instant now) {
        return verdicts.entrySet().stream()
                .map(verdict -> condition(tokenizer, verdict.getKey(), verdict.getValue(), now))
                .toList();
    }

    private static Condition condition(Tokenizer tokenizer, String type, Verdict verdict, Instant now) {
        String status = verdict.truth().name();
        String since = conditions(tokenizer).stream()
                .filter(before ->
                        before.getType().equals(type) && before.getStatus().equals(status))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(verdict.reason())
                .withMessage(verdict.message())
                .withObservedGeneration(tokenizer.getMetadata().getGeneration())
                .withLastTransitionTime(since)
                .build();
    }

    /** What the operator once applied stays Applied while it is unchanged, so that a second look tells nothing new. */
    private static TokenizerStatus.StorageStatus storage(Tokenizer tokenizer, Observed observed) {
        Map<String, TokenizerStatus.Setting> before = Optional.ofNullable(tokenizer.getStatus())
                .map(TokenizerStatus::storage)
                .map(TokenizerStatus.StorageStatus::settings)
                .orElse(List.of())
                .stream()
                .filter(setting -> setting.result() == TokenizerStatus.Result.APPLIED)
                .collect(Collectors.toMap(TokenizerStatus.Setting::name, Function.identity()));
        return new TokenizerStatus.StorageStatus(
                tokenizer.getSpec().storage().bucket(),
                observed.bucket().settings().stream()
                        .map(setting -> setting.result() == SettingResult.Result.UNCHANGED
                                ? before.getOrDefault(setting.name(), of(setting))
                                : of(setting))
                        .toList());
    }

    private static TokenizerStatus.Setting of(SettingResult setting) {
        return new TokenizerStatus.Setting(
                setting.name(), TokenizerStatus.Result.valueOf(setting.result().name()), setting.message());
    }
}
