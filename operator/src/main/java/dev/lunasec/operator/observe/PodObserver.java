package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.status.PodSummary;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From pods and their controllers, as the API has them, to the value that conditions are made from. */
public final class PodObserver {
    private PodObserver() {}

    public static PodSummary tokenizer(Tokenizer tokenizer, Context<Tokenizer> context) {
        Names names = Names.of(tokenizer);
        List<Pod> pods = pods(names, Names.Component.TOKENIZER, context);
        return context.getSecondaryResource(Deployment.class)
                .map(deployment -> of(wanted(tokenizer, deployment), deployment, pods))
                .orElse(new PodSummary(tokenizer.getSpec().replicas(), 0, 0, 0, false, List.of(), List.of()));
    }

    /** What the autoscaler chose, where there is one. */
    private static int wanted(Tokenizer tokenizer, Deployment deployment) {
        return tokenizer.getSpec().autoscaling() == null
                ? tokenizer.getSpec().replicas()
                : number(deployment.getSpec().getReplicas());
    }

    public static PodSummary redis(Tokenizer tokenizer, Context<Tokenizer> context) {
        List<Pod> pods = pods(Names.of(tokenizer), Names.Component.GRANTS, context);
        return context.getSecondaryResource(StatefulSet.class)
                .map(redis -> of(redis, pods))
                .orElse(PodSummary.NONE);
    }

    private static PodSummary of(int wanted, Deployment deployment, List<Pod> pods) {
        DeploymentStatus status = Optional.ofNullable(deployment.getStatus()).orElseGet(DeploymentStatus::new);
        int existing = number(status.getReplicas());
        int updated = number(status.getUpdatedReplicas());
        return new PodSummary(
                wanted,
                existing,
                updated,
                number(status.getAvailableReplicas()),
                settled(wanted, deployment),
                failures(pods),
                waiting(pods));
    }

    /** Whether all pods are of the wanted version and serve, and no other is left. */
    static boolean settled(Tokenizer tokenizer, Deployment deployment) {
        return settled(wanted(tokenizer, deployment), deployment);
    }

    private static boolean settled(int wanted, Deployment deployment) {
        DeploymentStatus status = Optional.ofNullable(deployment.getStatus()).orElseGet(DeploymentStatus::new);
        boolean seen = number(status.getObservedGeneration())
                >= number(deployment.getMetadata().getGeneration());
        return seen
                && number(status.getReplicas()) == wanted
                && number(status.getUpdatedReplicas()) == wanted
                && number(status.getAvailableReplicas()) == wanted;
    }

    /** Whether there are tokenizer pods, and none is left or wanted without this annotation: those that are about to end serve on for a while. */
    public static boolean allRunWith(String annotation, String value, Tokenizer tokenizer, Context<Tokenizer> context) {
        boolean settled = context.getSecondaryResource(Deployment.class)
                .map(deployment -> number(deployment.getSpec().getReplicas()) > 0
                        && settled(tokenizer, deployment)
                        && has(
                                annotation,
                                value,
                                deployment.getSpec().getTemplate().getMetadata()))
                .orElse(false);
        return settled
                && context.getSecondaryResourcesAsStream(Pod.class)
                        .filter(pod -> Names.of(tokenizer).owns(pod, Names.Component.TOKENIZER))
                        .filter(PodObserver::mayRun)
                        .allMatch(pod -> has(annotation, value, pod.getMetadata()));
    }

    private static boolean has(String annotation, String value, ObjectMeta pod) {
        return pod.getAnnotations() != null && value.equals(pod.getAnnotations().get(annotation));
    }

    private static PodSummary of(StatefulSet redis, List<Pod> pods) {
        StatefulSetStatus status = Optional.ofNullable(redis.getStatus()).orElseGet(StatefulSetStatus::new);
        int ready = number(status.getReadyReplicas());
        return new PodSummary(
                1,
                number(status.getReplicas()),
                number(status.getUpdatedReplicas()),
                ready,
                ready == 1,
                failures(pods),
                waiting(pods));
    }

    /** All pods of a vault whose containers have not ended, whatever else is said of them, as the API server has them now. */
    public static List<Pod> running(Names names, KubernetesClient client) {
        return client
                .pods()
                .inNamespace(names.namespace())
                .withLabel(Annotations.INSTANCE, names.vault())
                .list()
                .getItems()
                .stream()
                .filter(PodObserver::mayRun)
                .toList();
    }

    private static boolean mayRun(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return !"Succeeded".equals(phase) && !"Failed".equals(phase);
    }

    private static List<Pod> pods(Names names, Names.Component component, Context<Tokenizer> context) {
        return context.getSecondaryResourcesAsStream(Pod.class)
                .filter(pod -> names.owns(pod, component))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    /** What containers wrote when their start failed: their last words, in this state or the one before the restart. */
    static List<String> failures(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> !ready(pod))
                .flatMap(PodObserver::containers)
                .flatMap(container -> lastWords(container).stream())
                .distinct()
                .toList();
    }

    /** Why other pods do not serve, as Kubernetes says it. */
    static List<String> waiting(List<Pod> pods) {
        List<String> reasons = new ArrayList<>();
        for (Pod pod : pods) {
            if (ready(pod)) continue;
            String name = "Pod " + pod.getMetadata().getName();
            Optional<String> container = containers(pod)
                    .map(ContainerStatus::getState)
                    .map(state -> state == null ? null : state.getWaiting())
                    .flatMap(waiting -> waiting == null || waiting.getReason() == null
                            ? Stream.empty()
                            : Stream.of(waiting.getReason() + text(waiting.getMessage())))
                    .findFirst();
            reasons.add(name + ": " + container.or(() -> condition(pod)).orElse("it is not ready yet") + ".");
        }
        return reasons;
    }

    private static Optional<String> condition(Pod pod) {
        return conditions(pod)
                .filter(condition -> "False".equals(condition.getStatus()) && condition.getReason() != null)
                .map(condition -> condition.getReason() + text(condition.getMessage()))
                .findFirst();
    }

    private static Optional<String> lastWords(ContainerStatus container) {
        return Stream.of(container.getState(), container.getLastState())
                .flatMap(state -> Stream.ofNullable(terminated(state)))
                .map(ContainerStateTerminated::getMessage)
                .flatMap(Stream::ofNullable)
                .map(String::strip)
                .filter(message -> !message.isEmpty())
                .findFirst();
    }

    private static @Nullable ContainerStateTerminated terminated(@Nullable ContainerState state) {
        return state == null ? null : state.getTerminated();
    }

    private static boolean ready(Pod pod) {
        return conditions(pod)
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static Stream<PodCondition> conditions(Pod pod) {
        return pod.getStatus() == null ? Stream.empty() : pod.getStatus().getConditions().stream();
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return pod.getStatus() == null ? Stream.empty() : pod.getStatus().getContainerStatuses().stream();
    }

    private static String text(@Nullable String message) {
        if (message == null || message.isBlank()) return "";
        String end = message.strip();
        return ", " + (end.endsWith(".") ? end.substring(0, end.length() - 1) : end);
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }
}
