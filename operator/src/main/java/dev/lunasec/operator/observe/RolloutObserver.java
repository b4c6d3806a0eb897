package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far the rollout of the tokenizer's Deployment is. */
final class RolloutObserver {
    private RolloutObserver() {}

    /** The number of pods: with an autoscaler the number that it chose. */
    static int wanted(Tokenizer tokenizer, Deployment deployment) {
        return tokenizer.getSpec().autoscaling() == null
                ? tokenizer.getSpec().replicas()
                : number(deployment.getSpec().getReplicas());
    }

    /** Whether all pods are of the current template and available, and no other pod is left. */
    static boolean isComplete(Tokenizer tokenizer, Deployment deployment) {
        DeploymentStatus status = Optional.ofNullable(deployment.getStatus()).orElseGet(DeploymentStatus::new);
        int wanted = wanted(tokenizer, deployment);
        return number(status.getObservedGeneration())
                        >= number(deployment.getMetadata().getGeneration())
                && number(status.getReplicas()) == wanted
                && number(status.getUpdatedReplicas()) == wanted
                && number(status.getAvailableReplicas()) == wanted;
    }

    /**
     * Whether there are tokenizer pods and all of them have this annotation: the pods that are wanted, and those that
     * are terminating, which still serve for a while.
     */
    static boolean everyPodHas(String annotation, String value, Tokenizer tokenizer, Context<Tokenizer> context) {
        boolean wanted = context.getSecondaryResource(Deployment.class)
                .map(deployment -> number(deployment.getSpec().getReplicas()) > 0
                        && isComplete(tokenizer, deployment)
                        && value.equals(annotation(annotation, deployment)))
                .orElse(false);
        return wanted
                && context.getSecondaryResourcesAsStream(Pod.class)
                        .filter(pod -> Names.of(tokenizer).owns(pod, Names.Component.TOKENIZER))
                        .filter(PodObserver::mayRun)
                        .allMatch(pod -> value.equals(Annotations.of(pod, annotation)));
    }

    /** An annotation of the pod template; null if it has none. */
    static @Nullable String annotation(String key, Deployment deployment) {
        Map<String, String> annotations =
                deployment.getSpec().getTemplate().getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }
}
