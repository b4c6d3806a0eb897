package dev.lunasec.operator.report;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.contract.SweepResult;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.rotation.Step;
import dev.lunasec.operator.status.PodSummary;
import dev.lunasec.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes the status of a vault if it changed, and reports the changes as metrics, Events and log lines. */
public final class StatusWriter {
    private final VaultMetrics metrics;
    private final Clock clock;

    public StatusWriter(VaultMetrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Writes the status after a whole pass.
     *
     * @param step the step that the rotation is at; null while the keyring must not be changed
     * @param verdicts all conditions by type
     */
    public void observed(
            Tokenizer tokenizer,
            VaultObservation observed,
            @Nullable Step step,
            PodSummary pods,
            Map<String, Verdict> verdicts,
            Context<Tokenizer> context) {
        write(tokenizer, StatusBuilder.status(tokenizer, observed, step, pods, verdicts, clock.instant()), context);
    }

    /** Writes the status of a vault for which the operator does nothing. */
    public void paused(Tokenizer tokenizer, Context<Tokenizer> context) {
        write(tokenizer, StatusBuilder.paused(tokenizer, clock.instant()), context);
    }

    /** Writes the status after a pass that did not get to its end: only {@code Ready} changes. */
    public void failed(Tokenizer tokenizer, Verdict ready, Context<Tokenizer> context) {
        write(tokenizer, StatusBuilder.failed(tokenizer, ready, clock.instant()), context);
    }

    /** Shows in the metrics what the last sweep counted. */
    public void swept(Tokenizer tokenizer, SweepResult result) {
        metrics.swept(tokenizer, result);
    }

    /** Removes a deleted vault from the metrics. */
    public void forget(Tokenizer tokenizer) {
        metrics.forget(tokenizer);
    }

    /** The patch comes from a new object, so that server-side apply removes the fields that the new status lacks. */
    private void write(Tokenizer tokenizer, TokenizerStatus status, Context<Tokenizer> context) {
        metrics.update(tokenizer, status);
        if (status.equals(tokenizer.getStatus())) return;
        Tokenizer fresh = new Tokenizer();
        fresh.getMetadata().setNamespace(tokenizer.getMetadata().getNamespace());
        fresh.getMetadata().setName(tokenizer.getMetadata().getName());
        fresh.setStatus(status);
        PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(tokenizer, fresh, context);
        ConditionEvents.publish(
                tokenizer,
                Objects.requireNonNullElse(status.conditions(), List.of()),
                context.getClient(),
                clock.instant());
    }
}
