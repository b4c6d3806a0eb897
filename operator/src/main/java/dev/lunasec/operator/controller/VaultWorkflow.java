package dev.lunasec.operator.controller;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.KeyringSecret;
import dev.lunasec.operator.dependent.condition.AutoscalingIsAskedFor;
import dev.lunasec.operator.dependent.condition.MoreThanOnePodIsWanted;
import dev.lunasec.operator.dependent.condition.NetworkPolicyIsEnabled;
import dev.lunasec.operator.dependent.condition.PrometheusOperatorIsThere;
import dev.lunasec.operator.dependent.condition.RedisIsManaged;
import dev.lunasec.operator.dependent.condition.ServiceMonitorIsAskedFor;
import dev.lunasec.operator.dependent.condition.VaultIsBound;
import dev.lunasec.operator.dependent.maintenance.MaintenanceNetworkPolicy;
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
import dev.lunasec.operator.model.VaultObservation;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;

/**
 * The objects of a vault in the cluster: when each one exists, and which ones it waits for. The SDK reads this from the
 * annotation.
 */
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(
                    name = "keyring",
                    type = KeyringSecret.class,
                    useEventSourceWithName = EventSources.SECRETS,
                    readyPostcondition = VaultIsBound.class),
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
                    reconcilePrecondition = NetworkPolicyIsEnabled.class,
                    dependsOn = "redis-secret"),
            @Dependent(
                    name = "network-policy",
                    type = TokenizerNetworkPolicy.class,
                    useEventSourceWithName = EventSources.NETWORK_POLICIES,
                    reconcilePrecondition = NetworkPolicyIsEnabled.class),
            @Dependent(
                    name = "maintenance-network-policy",
                    type = MaintenanceNetworkPolicy.class,
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
abstract class VaultWorkflow {
    /** Creates, restores and deletes these objects as the observation of this pass asks for. */
    static void reconcileObjects(VaultObservation observed, Context<Tokenizer> context) {
        observed.handTo(context);
        context.managedWorkflowAndDependentResourceContext()
                .reconcileManagedWorkflow()
                .throwAggregateExceptionIfErrorsPresent();
    }
}
