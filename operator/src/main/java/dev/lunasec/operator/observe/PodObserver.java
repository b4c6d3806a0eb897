package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.status.PodSummary;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the pods of a vault: from the caches for the status, from the API server before anything irreversible. */
public final class PodObserver {
    private PodObserver() {}

    /** The tokenizer pods, from the caches. */
    public static PodSummary tokenizer(Tokenizer tokenizer, Context<Tokenizer> context) {
        List<Pod> pods = cached(Names.of(tokenizer), Names.Component.TOKENIZER, context);
        return context.getSecondaryResource(Deployment.class)
                .map(deployment -> summary(tokenizer, deployment, pods))
                .orElse(new PodSummary(tokenizer.getSpec().replicas(), 0, 0, 0, false, List.of(), List.of()));
    }

    /** The pod of the managed Redis, from the caches. */
    public static PodSummary redis(Tokenizer tokenizer, Context<Tokenizer> context) {
        List<Pod> pods = cached(Names.of(tokenizer), Names.Component.GRANTS, context);
        return context.getSecondaryResource(StatefulSet.class)
                .map(redis -> summary(redis, pods))
                .orElse(PodSummary.NONE);
    }

    /**
     * All pods of a vault whose containers may still run, terminating ones included, from the API server. They have the
     * labels of the operator's pod templates; their owners may be deleted already.
     */
    public static List<Pod> running(Names names, KubernetesClient client) {
        return client
                .pods()
                .inNamespace(names.namespace())
                .withLabel(Annotations.INSTANCE, names.vault())
                .withLabel(Annotations.MANAGED_BY, Names.OPERATOR)
                .list()
                .getItems()
                .stream()
                .filter(PodObserver::mayRun)
                .toList();
    }

    /** Whether a container of the pod may run, whatever its deletion timestamp or its node says. */
    static boolean mayRun(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return !"Succeeded".equals(phase) && !"Failed".equals(phase);
    }

    private static PodSummary summary(Tokenizer tokenizer, Deployment deployment, List<Pod> pods) {
        DeploymentStatus status = Optional.ofNullable(deployment.getStatus()).orElseGet(DeploymentStatus::new);
        return new PodSummary(
                RolloutObserver.wanted(tokenizer, deployment),
                number(status.getReplicas()),
                number(status.getUpdatedReplicas()),
                number(status.getAvailableReplicas()),
                RolloutObserver.isComplete(tokenizer, deployment),
                PodProblems.failures(pods),
                PodProblems.waiting(pods));
    }

    private static PodSummary summary(StatefulSet redis, List<Pod> pods) {
        StatefulSetStatus status = Optional.ofNullable(redis.getStatus()).orElseGet(StatefulSetStatus::new);
        int ready = number(status.getReadyReplicas());
        return new PodSummary(
                1,
                number(status.getReplicas()),
                number(status.getUpdatedReplicas()),
                ready,
                ready == 1,
                PodProblems.failures(pods),
                PodProblems.waiting(pods));
    }

    private static List<Pod> cached(Names names, Names.Component component, Context<Tokenizer> context) {
        return context.getSecondaryResourcesAsStream(Pod.class)
                .filter(pod -> names.owns(pod, component))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
