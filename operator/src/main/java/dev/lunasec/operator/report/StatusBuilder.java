package dev.lunasec.operator.report;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.operator.bucket.SettingResult;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.rotation.Step;
import dev.lunasec.operator.status.PodSummary;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds the status of a resource from what the operator observed and decided. */
public final class StatusBuilder {
    private StatusBuilder() {}

    /** The status after a whole pass. */
    public static TokenizerStatus status(
            Tokenizer tokenizer,
            VaultObservation observed,
            @Nullable Step step,
            PodSummary pods,
            Map<String, Verdict> verdicts,
            Instant now) {
        Names names = Names.of(tokenizer);
        return new TokenizerStatus(
                tokenizer.getMetadata().getGeneration(),
                conditions(tokenizer, verdicts, now),
                names.endpoint(tokenizer.getSpec().tls() != null),
                names.vaultName().audience(),
                pods.existing(),
                names.selector(Names.Component.TOKENIZER).entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .sorted()
                        .collect(Collectors.joining(",")),
                storage(tokenizer, observed),
                KeysStatusBuilder.keys(tokenizer, observed, step, now));
    }

    /** The present status with another {@code Ready}, for a pass that failed before it observed the vault. */
    public static TokenizerStatus failed(Tokenizer tokenizer, Verdict ready, Instant now) {
        return with(
                tokenizer, tokenizer.getMetadata().getGeneration(), List.of(condition(tokenizer, "Ready", ready, now)));
    }

    private static TokenizerStatus with(Tokenizer tokenizer, @Nullable Long generation, List<Condition> changed) {
        TokenizerStatus before = tokenizer.getStatus();
        Set<String> types = changed.stream().map(Condition::getType).collect(Collectors.toSet());
        List<Condition> conditions = conditions(tokenizer).stream()
                .filter(condition -> !types.contains(condition.getType()))
                .collect(Collectors.toList());
        conditions.addAll(changed);
        if (before == null) return new TokenizerStatus(generation, conditions, null, null, null, null, null, null);
        return new TokenizerStatus(
                generation,
                conditions,
                before.endpoint(),
                before.audience(),
                before.replicas(),
                before.selector(),
                before.storage(),
                before.keys());
    }

    /**
     * The present status, of the same generation, with the condition {@code Paused}. {@code Ready} is unknown, because
     * the operator does not observe the vault.
     */
    public static TokenizerStatus paused(Tokenizer tokenizer, Instant now) {
        String sentence =
                "The operator does nothing for this vault; remove the annotation " + Annotations.PAUSED + " to resume.";
        TokenizerStatus before = tokenizer.getStatus();
        return with(
                tokenizer,
                before == null ? null : before.observedGeneration(),
                List.of(
                        condition(tokenizer, "Ready", Verdict.unknown("Paused", sentence), now),
                        condition(tokenizer, "Paused", Verdict.yes("Paused", sentence), now)));
    }

    /** The conditions that the resource has now. */
    public static List<Condition> conditions(Tokenizer tokenizer) {
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

    /**
     * A setting that the operator applied earlier stays Applied while it is unchanged, so that the next pass writes no
     * other status. While the bucket is not usable the last results stay, because they say when a setting was written
     * in vain.
     */
    private static TokenizerStatus.StorageStatus storage(Tokenizer tokenizer, VaultObservation observed) {
        List<TokenizerStatus.Setting> before = Optional.ofNullable(tokenizer.getStatus())
                .map(TokenizerStatus::storage)
                .map(TokenizerStatus.StorageStatus::settings)
                .orElse(List.of());
        List<SettingResult> now = observed.bucket().settings();
        return new TokenizerStatus.StorageStatus(
                tokenizer.getSpec().storage().bucket(), now.isEmpty() ? before : settings(before, now));
    }

    private static List<TokenizerStatus.Setting> settings(
            List<TokenizerStatus.Setting> before, List<SettingResult> now) {
        Map<String, TokenizerStatus.Setting> applied = before.stream()
                .filter(setting -> setting.result() == TokenizerStatus.Result.APPLIED)
                .collect(Collectors.toMap(TokenizerStatus.Setting::name, Function.identity()));
        return now.stream()
                .map(setting -> setting.result() == SettingResult.Result.UNCHANGED
                        ? applied.getOrDefault(setting.name(), of(setting))
                        : of(setting))
                .toList();
    }

    private static TokenizerStatus.Setting of(SettingResult setting) {
        return new TokenizerStatus.Setting(
                setting.name(),
                TokenizerStatus.Result.valueOf(setting.result().name()),
                setting.message(),
                setting.tried() == null ? null : setting.tried().toString());
    }
}
