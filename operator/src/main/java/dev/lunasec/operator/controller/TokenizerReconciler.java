package dev.lunasec.operator.controller;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.apply.KeyringUpdates;
import dev.lunasec.operator.apply.RotationActions;
import dev.lunasec.operator.apply.VaultDeletion;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultDefaults;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.observe.ApiServerClock;
import dev.lunasec.operator.observe.LastSweep;
import dev.lunasec.operator.observe.LinkObserver;
import dev.lunasec.operator.observe.PodObserver;
import dev.lunasec.operator.observe.VaultObserver;
import dev.lunasec.operator.report.StatusWriter;
import dev.lunasec.operator.report.VaultMetrics;
import dev.lunasec.operator.rotation.Rotation;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.Step;
import dev.lunasec.operator.status.Conditions;
import dev.lunasec.operator.status.PodSummary;
import dev.lunasec.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the cluster and the bucket match a {@link Tokenizer}. One pass observes, reconciles the objects, reports and
 * takes one step.
 */
@ControllerConfiguration(
        name = TokenizerReconciler.NAME,
        fieldManager = Names.OPERATOR,
        finalizerName = Annotations.VAULT_FINALIZER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = SpecOrPauseChanged.class),
        maxReconciliationInterval =
                @MaxReconciliationInterval(interval = Requeue.LONGEST_MINUTES, timeUnit = TimeUnit.MINUTES))
@GradualRetry(
        maxAttempts = -1,
        initialInterval = Requeue.FIRST_RETRY_MILLIS,
        intervalMultiplier = 2,
        maxInterval = Requeue.LONGEST_RETRY_MILLIS)
public final class TokenizerReconciler extends VaultWorkflow implements Reconciler<Tokenizer>, Cleaner<Tokenizer> {
    public static final String NAME = "tokenizer";

    private final VaultObserver observer;
    private final VaultDeletion deletion;
    private final StatusWriter status;
    private final RunningPasses passes;
    private final PassLimits limits;
    private final Clock clock;

    TokenizerReconciler(
            VaultDefaults defaults,
            BucketProvisioner buckets,
            VaultMetrics metrics,
            RunningPasses passes,
            PassLimits limits,
            Clock clock) {
        this.passes = passes;
        this.limits = limits;
        this.observer = new VaultObserver(defaults, buckets);
        this.deletion = new VaultDeletion(observer, buckets);
        this.status = new StatusWriter(metrics, clock);
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, Tokenizer>> prepareEventSources(EventSourceContext<Tokenizer> context) {
        return EventSources.all(context);
    }

    @Override
    public UpdateControl<Tokenizer> reconcile(Tokenizer tokenizer, Context<Tokenizer> context) {
        try (RunningPasses.Pass pass = passes.begin(tokenizer.getMetadata().getNamespace())) {
            if (pass.mayRun()) return reconcileNow(tokenizer, context);
            return UpdateControl.<Tokenizer>noUpdate().rescheduleAfter(Requeue.WHILE_NAMESPACE_IS_BUSY);
        }
    }

    private UpdateControl<Tokenizer> reconcileNow(Tokenizer tokenizer, Context<Tokenizer> context) {
        Optional<Tokenizer> current = MissedChange.current(tokenizer, context);
        if (current.isEmpty()) return UpdateControl.noUpdate();
        if (MissedChange.isThere(tokenizer, current.get(), context)) {
            return UpdateControl.<Tokenizer>noUpdate().rescheduleAfter(Requeue.AFTER_OWN_WRITE);
        }
        if (Annotations.isPaused(tokenizer)) {
            status.paused(tokenizer, context);
            return UpdateControl.noUpdate();
        }
        VaultObservation observed = observer.observe(tokenizer, context, clock);
        String cluster = observer.cluster(context.getClient());
        if (KeyringUpdates.write(tokenizer, observed, cluster, context.getClient()))
            return UpdateControl.<Tokenizer>noUpdate().rescheduleAfter(Requeue.AFTER_OWN_WRITE);
        reconcileObjects(observed, context);
        RotationState rotation = observed.rotation();
        Step step = rotation == null ? null : Rotation.next(rotation);
        report(tokenizer, observed, step, context);
        takeStep(tokenizer, observed, step, context);
        Duration wait = Requeue.whileBinding(
                        observed.keyring(), observed.bucket().bindingDue())
                .or(() -> Requeue.after(observed.storage().holds(), observed.keyring(), rotation, step))
                .map(limits::shorten)
                .orElseGet(limits::atRest);
        return UpdateControl.<Tokenizer>noUpdate().rescheduleAfter(wait);
    }

    @Override
    public DeleteControl cleanup(Tokenizer tokenizer, Context<Tokenizer> context) throws StorageFailed {
        try (RunningPasses.Pass pass = passes.begin(tokenizer.getMetadata().getNamespace())) {
            if (pass.mayRun()) return cleanupNow(tokenizer, context);
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(Requeue.WHILE_NAMESPACE_IS_BUSY);
        }
    }

    private DeleteControl cleanupNow(Tokenizer tokenizer, Context<Tokenizer> context) throws StorageFailed {
        Instant now = ApiServerClock.now(context.getClient());
        // The cached resource may be older than a pause, which stops the deletion.
        Optional<Tokenizer> current = MissedChange.current(tokenizer, context);
        if (current.isEmpty()) return DeleteControl.noFinalizerRemoval();
        int failures = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0);
        try {
            VaultDeletion.Outcome outcome = deletion.step(current.get(), context.getClient(), failures, now);
            if (outcome.waits() != null) status.failed(tokenizer, outcome.waits(), context);
            if (outcome.control().isRemoveFinalizer()) status.forget(tokenizer);
            return outcome.control();
        } catch (StorageFailed e) {
            // The SDK calls updateErrorStatus after a failed reconcile, but not after a failed cleanup.
            reportFailure(tokenizer, context, e);
            throw e;
        }
    }

    @Override
    public ErrorStatusUpdateControl<Tokenizer> updateErrorStatus(
            Tokenizer tokenizer, Context<Tokenizer> context, Exception e) {
        reportFailure(tokenizer, context, e);
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    private void report(
            Tokenizer tokenizer, VaultObservation observed, @Nullable Step step, Context<Tokenizer> context) {
        PodSummary pods = PodObserver.tokenizer(tokenizer, context);
        Verdict grants = tokenizer.getSpec().grants().redis().external() == null
                ? Conditions.managedRedis(PodObserver.redis(tokenizer, context))
                : observed.redis().verdict();
        var verdicts = Conditions.of(
                observed.storage(),
                grants,
                observed.tls(),
                observed.keyring(),
                step,
                pods,
                LinkObserver.links(tokenizer, observed.redis()),
                LinkObserver.callers(tokenizer));
        status.observed(tokenizer, observed, step, pods, verdicts, context);
        LastSweep.of(tokenizer, context).ifPresent(result -> status.swept(tokenizer, result));
    }

    private void reportFailure(Tokenizer tokenizer, Context<Tokenizer> context, Exception e) {
        // A paused vault is not observed, so its status stays Unknown although the API server failed.
        if (Annotations.isPaused(tokenizer)) return;
        ReconcileErrors.verdict(e).ifPresent(ready -> status.failed(tokenizer, ready, context));
    }

    /** Takes at most one step of a rotation in a pass; the next pass observes what the step changed. */
    private static void takeStep(
            Tokenizer tokenizer, VaultObservation observed, @Nullable Step step, Context<Tokenizer> context) {
        if (step == null || step.action() == Step.Action.WAIT) return;
        RotationState rotation = observed.rotation();
        if (rotation == null || !(observed.keyring() instanceof KeyringState.Present present)) return;
        new RotationActions(tokenizer, observed, present, rotation, context.getClient()).take(step);
    }
}
