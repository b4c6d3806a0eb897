package dev.lunasec.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why pods are not ready, in sentences: what their containers wrote, or what Kubernetes says. */
final class PodProblems {
    private PodProblems() {}

    /** The termination messages of containers that ended, from their current state or that before the last restart. */
    static List<String> failures(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> !ready(pod))
                .flatMap(PodProblems::containers)
                .flatMap(container -> terminationMessage(container).stream())
                .distinct()
                .toList();
    }

    /** What Kubernetes says about each pod that is not ready. */
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

    private static Optional<String> terminationMessage(ContainerStatus container) {
        return Stream.of(container.getState(), container.getLastState())
                .flatMap(state -> Stream.ofNullable(terminated(state)))
                // A sweep that succeeded writes its result there.
                .filter(end -> !Integer.valueOf(0).equals(end.getExitCode()))
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
}
