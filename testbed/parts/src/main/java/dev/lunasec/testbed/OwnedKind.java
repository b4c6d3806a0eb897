package dev.lunasec.testbed;

import java.util.List;
import java.util.stream.Stream;

/**
 * A kind of Kubernetes object that the operator creates for a vault.
 *
 * @param apiVersion the group and the version, like {@code apps/v1}
 * @param kind like {@code Deployment}
 * @param plural as RBAC rules name it, like {@code deployments}
 */
public record OwnedKind(String apiVersion, String kind, String plural) {
    /** The kinds that every API server has. */
    public static final List<OwnedKind> BUILT_IN = List.of(
            new OwnedKind("v1", "Secret", "secrets"),
            new OwnedKind("v1", "ConfigMap", "configmaps"),
            new OwnedKind("v1", "Service", "services"),
            new OwnedKind("apps/v1", "Deployment", "deployments"),
            new OwnedKind("apps/v1", "StatefulSet", "statefulsets"),
            new OwnedKind("batch/v1", "Job", "jobs"),
            new OwnedKind("batch/v1", "CronJob", "cronjobs"),
            new OwnedKind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
            new OwnedKind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
            new OwnedKind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"));

    /** All kinds. The API server knows the last one where the Prometheus operator is installed. */
    public static final List<OwnedKind> ALL = Stream.concat(
                    BUILT_IN.stream(),
                    Stream.of(new OwnedKind("monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors")))
            .toList();
}
