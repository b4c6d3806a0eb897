package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.SweepResult;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** What the last sweep of a vault counted, from the termination messages of the pods in the caches. */
public final class LastSweep {
    private LastSweep() {}

    /** Empty if no pod of a sweep that is complete is left. */
    public static Optional<SweepResult> of(Tokenizer tokenizer, Context<Tokenizer> context) {
        Names names = Names.of(tokenizer);
        return of(context.getSecondaryResourcesAsStream(Pod.class)
                .filter(pod -> names.owns(pod, Names.Component.SWEEP))
                .toList());
    }

    /** The result of the sweep that ended last. */
    static Optional<SweepResult> of(Collection<Pod> pods) {
        return pods.stream()
                .flatMap(LastSweep::ended)
                .filter(end -> end.getMessage() != null && end.getFinishedAt() != null)
                // Kubernetes writes all times in one format, in UTC.
                .sorted(Comparator.comparing(ContainerStateTerminated::getFinishedAt)
                        .reversed())
                .flatMap(end -> SweepResult.parse(end.getMessage().strip()).stream())
                .findFirst();
    }

    private static Stream<ContainerStateTerminated> ended(Pod pod) {
        if (pod.getStatus() == null) return Stream.empty();
        return pod.getStatus().getContainerStatuses().stream()
                .flatMap(container -> Stream.ofNullable(container.getState()))
                .flatMap(state -> Stream.ofNullable(state.getTerminated()));
    }
}
