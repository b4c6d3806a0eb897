package dev.lunasec.operator.controller;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.operator.apply.RotationActions;
import dev.lunasec.operator.apply.VaultDeletion;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.dependent.KeyringSecret;
import dev.lunasec.operator.dependent.condition.AutoscalingIsAskedFor;
import dev.lunasec.operator.dependent.condition.KeyringIsThere;
import dev.lunasec.operator.dependent.condition.MoreThanOnePodIsWanted;
import dev.lunasec.operator.dependent.condition.NetworkPolicyIsEnabled;
import dev.lunasec.operator.dependent.condition.PrometheusOperatorIsThere;
import dev.lunasec.operator.dependent.condition.RedisIsManaged;
import dev.lunasec.operator.dependent.condition.RedisIsManagedAndNetworkPolicyIsEnabled;
import dev.lunasec.operator.dependent.condition.ServiceMonitorIsAskedFor;
import dev.lunasec.operator.dependent.maintenance.SweepCronJob;
import dev.lunasec.operator.dependent.redis.RedisNetworkPolicy;
import dev.lunasec.operator.dependent.redis.RedisSecret;
import dev.lunasec.operator.dependent.redis.RedisService;
import dev.lunasec.operator.dependent.redis.RedisStatefulSet;
import dev.lunasec.operator.dependent.tokenizer.SettingsConfigMap;
import dev.lunasec.operator.dependent.tokenizer.TokenizerAutoscaler;
import dev.lunasec.operator.dependent.tokenizer.TokenizerDeployment;
import dev.lunasec.operator.dependent.tokenizer.TokenizerNetworkPolicy;
import dev.lunasec.operator.dependent.tokenizer.TokenizerPodDisruptionBudget;
import dev.lunasec.operator.dependent.tokenizer.TokenizerService;
import dev.lunasec.operator.dependent.tokenizer.TokenizerServiceMonitor;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultDefaults;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.observe.PodObserver;
import dev.lunasec.operator.observe.VaultObserver;
import dev.lunasec.operator.report.ConditionEvents;
import dev.lunasec.operator.report.StatusBuilder;
import dev.lunasec.operator.report.VaultMetrics;
import dev.lunasec.operator.rotation.Rotation;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.rotation.Step;
import dev.lunasec.operator.status.Conditions;
import dev.lunasec.operator.status.PodSummary;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Brings a vault to what its resource says: observe, bring the cluster's objects there, say how it went. */
@ControllerConfiguration(
        name = TokenizerReconciler.NAME,
        fieldManager = Names.OPERATOR,
        finalizerName = Annotations.VAULT_FINALIZER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = SpecOrPauseChanged.class),
        maxReconciliationInterval =
                @MaxReconciliationInterval(interval = TokenizerReconciler.MINUTES, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 1_000, intervalMultiplier = 2, maxInterval = 60_000)
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(
                    name = "keyring",
                    type = KeyringSecret.class,
                    useEventSourceWithName = EventSources.SECRETS,
                    readyPostcondition = KeyringIsThere.class),
            @Dependent(
                    name = "settings",
                    type = SettingsConfigMap.class,
                    useEventSourceWithName = EventSources.CONFIG_MAPS),
            @Dependent(
                    name = "redis-secret",
                    type = RedisSecret.class,
                    useEventSourceWithName = EventSources.SECRETS,
                    reconcilePrecondition = RedisIsManaged.class),
            @Dependent(
                    name = "redis-service",
                    type = RedisService.class,
                    useEventSourceWithName = EventSources.SERVICES,
                    reconcilePrecondition = RedisIsManaged.class),
            @Dependent(
                    name = "redis",
                    type = RedisStatefulSet.class,
                    useEventSourceWithName = EventSources.STATEFUL_SETS,
                    reconcilePrecondition = RedisIsManaged.class,
                    dependsOn = "redis-secret"),
            @Dependent(
                    name = "redis-network-policy",
                    type = RedisNetworkPolicy.class,
                    useEventSourceWithName = EventSources.NETWORK_POLICIES,
                    reconcilePrecondition = RedisIsManagedAndNetworkPolicyIsEnabled.class),
            @Dependent(
                    name = "network-policy",
                    type = TokenizerNetworkPolicy.class,
                    useEventSourceWithName = EventSources.NETWORK_POLICIES,
                    reconcilePrecondition = NetworkPolicyIsEnabled.class),
            @Dependent(
                    name = "pod-disruption-budget",
                    type = TokenizerPodDisruptionBudget.class,
                    useEventSourceWithName = EventSources.POD_DISRUPTION_BUDGETS,
                    reconcilePrecondition = MoreThanOnePodIsWanted.class),
            @Dependent(
                    name = "autoscaler",
                    type = TokenizerAutoscaler.class,
                    useEventSourceWithName = EventSources.AUTOSCALERS,
                    reconcilePrecondition = AutoscalingIsAskedFor.class),
            @Dependent(
                    name = "service-monitor",
                    type = TokenizerServiceMonitor.class,
                    activationCondition = PrometheusOperatorIsThere.class,
                    reconcilePrecondition = ServiceMonitorIsAskedFor.class),
            @Dependent(name = "service", type = TokenizerService.class, useEventSourceWithName = EventSources.SERVICES),
            @Dependent(
                    name = "deployment",
                    type = TokenizerDeployment.class,
                    useEventSourceWithName = EventSources.DEPLOYMENTS,
                    dependsOn = {"keyring", "settings"}),
            @Dependent(
                    name = "sweep",
                    type = SweepCronJob.class,
                    useEventSourceWithName = EventSources.CRON_JOBS,
                    dependsOn = {"keyring", "settings"})
        })
public final class TokenizerReconciler implements Reconciler<Tokenizer>, Cleaner<Tokenizer> {
    public static final String NAME = "tokenizer";

    /** While the store is not as it must be, nobody tells us when it is mended. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
    /** A keyring that was just made is read back before pods get it. */
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    /** Records move without anyone telling the operator. */
    private static final Duration WHILE_ROTATING = Duration.ofSeconds(3);
    /** Whatever is to come, a vault is looked at as often as this. */
    static final int MINUTES = 2;

    private static final Duration AT_THE_LATEST = Duration.ofMinutes(MINUTES);

    private final VaultObserver observer;
    private final VaultDeletion deletion;
    private final VaultMetrics metrics;
    private final Clock clock;

    TokenizerReconciler(VaultDefaults defaults, BucketProvisioner buckets, VaultMetrics metrics, Clock clock) {
        this.observer = new VaultObserver(defaults, buckets);
        this.deletion = new VaultDeletion(observer, buckets);
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, Tokenizer>> prepareEventSources(EventSourceContext<Tokenizer> context) {
        return EventSources.all(context);
    }

    @Override
    public UpdateControl<Tokenizer> reconcile(Tokenizer tokenizer, Context<Tokenizer> context) {
        if (Annotations.isPaused(tokenizer)) {
            patch(tokenizer, StatusBuilder.paused(tokenizer, clock.instant()), context);
            return UpdateControl.noUpdate();
        }
        VaultObservation observed = observer.observe(tokenizer, context, clock.instant());
        observed.handTo(context);
        context.managedWorkflowAndDependentResourceContext()
                .reconcileManagedWorkflow()
                .throwAggregateExceptionIfErrorsPresent();
        Step step = observed.rotation() == null ? null : Rotation.next(observed.rotation());
        report(tokenizer, observed, step, context);
        return rotate(tokenizer, observed, step, context).orElseGet(() -> next(observed, step));
    }

    @Override
    public DeleteControl cleanup(Tokenizer tokenizer, Context<Tokenizer> context) throws StorageFailed {
        int failures = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0);
        try {
            VaultDeletion.Outcome outcome = deletion.step(tokenizer, context.getClient(), failures, clock.instant());
            if (outcome.waits() != null) {
                patch(tokenizer, StatusBuilder.failed(tokenizer, outcome.waits(), clock.instant()), context);
            }
            if (outcome.control().isRemoveFinalizer()) metrics.forget(tokenizer);
            return outcome.control();
        } catch (StorageFailed e) {
            // The SDK asks for the status of failed passes, but not of failed deletions.
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

    private void reportFailure(Tokenizer tokenizer, Context<Tokenizer> context, Exception e) {
        ReconcileErrors.verdict(e)
                .ifPresent(ready -> patch(tokenizer, StatusBuilder.failed(tokenizer, ready, clock.instant()), context));
    }

    /** One step in a pass; what it changed is looked at by the next one. */
    private static Optional<UpdateControl<Tokenizer>> rotate(
            Tokenizer tokenizer, VaultObservation observed, @Nullable Step step, Context<Tokenizer> context) {
        if (step == null || step.action() == Step.Action.WAIT) return Optional.empty();
        RotationState seen = observed.rotation();
        if (seen == null || !(observed.keyring() instanceof KeyringState.Present present)) return Optional.empty();
        new RotationActions(tokenizer, observed, present, seen, context.getClient()).take(step);
        return Optional.of(UpdateControl.<Tokenizer>noUpdate().rescheduleAfter(AT_ONCE));
    }

    private void report(
            Tokenizer tokenizer, VaultObservation observed, @Nullable Step step, Context<Tokenizer> context) {
        PodSummary pods = PodObserver.tokenizer(tokenizer, context);
        Verdict grants = tokenizer.getSpec().grants().redis().external() == null
                ? Conditions.managedRedis(PodObserver.redis(tokenizer, context))
                : observed.redis().verdict();
        Map<String, Verdict> verdicts =
                Conditions.of(observed.storage(), grants, observed.tls(), observed.keyring(), step, pods);
        patch(tokenizer, StatusBuilder.status(tokenizer, observed, step, pods, verdicts, clock.instant()), context);
    }

    /** Writes a status that differs, and tells people what changed. A fresh object: what is not in it goes. */
    private void patch(Tokenizer tokenizer, TokenizerStatus status, Context<Tokenizer> context) {
        metrics.tell(tokenizer, status);
        if (status.equals(tokenizer.getStatus())) return;
        Tokenizer fresh = new Tokenizer();
        fresh.getMetadata().setNamespace(tokenizer.getMetadata().getNamespace());
        fresh.getMetadata().setName(tokenizer.getMetadata().getName());
        fresh.setStatus(status);
        PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(tokenizer, fresh, context);
        KubernetesClient client = context.getClient();
        Instant now = clock.instant();
        ConditionEvents.publish(tokenizer, Objects.requireNonNullElse(status.conditions(), List.of()), client, now);
    }

    private static UpdateControl<Tokenizer> next(VaultObservation observed, @Nullable Step step) {
        UpdateControl<Tokenizer> done = UpdateControl.noUpdate();
        if (observed.keyring() instanceof KeyringState.MayBeMade) return done.rescheduleAfter(AT_ONCE);
        if (step != null && step.phase().movesOn()) return done.rescheduleAfter(WHILE_ROTATING);
        boolean waitsForTheStore = !observed.storage().holds()
                || observed.keyring() instanceof KeyringState.Outdated
                || (step != null && step.phase() == Step.Phase.BLOCKED);
        if (waitsForTheStore) return done.rescheduleAfter(LOOK_AGAIN);
        return Optional.ofNullable(observed.rotation())
                .flatMap(rotation -> Rotation.nextAt(rotation))
                .filter(due -> due.compareTo(AT_THE_LATEST) < 0)
                .map(due -> done.rescheduleAfter(due))
                .orElse(done);
    }
}
