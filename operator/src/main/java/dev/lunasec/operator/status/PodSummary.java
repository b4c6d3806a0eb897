package dev.lunasec.operator.status;

import java.util.List;

/**
 * A set of equal pods, as its controller and the pods themselves report it.
 *
 * @param wanted how many there are to be
 * @param existing how many there are, of any version
 * @param updated how many run the wanted version
 * @param available how many serve, of any version
 * @param settled whether the controller has seen the wanted version, and nothing of another version is left
 * @param failures one sentence for each pod whose container ended for good, in its own words
 * @param waiting one sentence for each pod that does not serve for another reason
 */
public record PodSummary(
        int wanted,
        int existing,
        int updated,
        int available,
        boolean settled,
        List<String> failures,
        List<String> waiting) {

    public static final PodSummary NONE = new PodSummary(0, 0, 0, 0, false, List.of(), List.of());

    /** Whether as many serve as are wanted. */
    boolean enough() {
        return wanted > 0 && available >= wanted;
    }

    /** What holds the pods back, first what they said themselves; a sentence in any case. */
    String whatHoldsThemBack() {
        if (!failures.isEmpty()) return failures.get(0);
        if (!waiting.isEmpty()) return waiting.get(0);
        return available + " of " + wanted + " pods serve.";
    }
}
