package dev.lunasec.operator.status;

import java.util.List;

/**
 * The pods of one Deployment or StatefulSet.
 *
 * @param wanted the number of pods that there should be
 * @param existing the number of pods, of any version
 * @param updated the number of pods of the current version
 * @param available the number of pods that serve, of any version
 * @param rolledOut whether there are only pods of the current version, and all of them serve
 * @param failures the termination messages of containers that failed, one sentence each
 * @param waiting one sentence about each pod that does not serve for another reason
 */
public record PodSummary(
        int wanted,
        int existing,
        int updated,
        int available,
        boolean rolledOut,
        List<String> failures,
        List<String> waiting) {

    public static final PodSummary NONE = new PodSummary(0, 0, 0, 0, false, List.of(), List.of());

    /** Whether as many pods serve as are wanted. */
    boolean enough() {
        return wanted > 0 && available >= wanted;
    }

    /** One sentence that says why pods do not serve; what a pod said itself comes first. */
    String problem() {
        if (!failures.isEmpty()) return failures.get(0);
        if (!waiting.isEmpty()) return waiting.get(0);
        return available + " of " + wanted + " pods serve.";
    }
}
