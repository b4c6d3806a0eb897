package dev.lunasec.operator.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.rotation.Step.Action;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every state that one rotation of a small vault can reach with the operator's own steps, while each pass may observe
 * an empty store in the place of the right one, one that hides its records, and a clock that has jumped. In each state
 * every live token reads, no erased token does, and the rotation can end. Each of the wrong steps that are tried is
 * found.
 */
@Tag("pure")
class RotationModelTest {
    @Test
    void inEveryStateTokensReadErasedOnesDoNotAndTheEndCanBeReached() {
        ModelSearch search = new ModelSearch(Rotation::next, 1);
        assertThat(search.run()).isNull();
        assertThat(search.stuck()).isNull();
        assertThat(search.states()).isGreaterThan(1_000);
    }

    @Test
    void aRetirementBeforeTheSweepIsFound() {
        ModelSearch search = new ModelSearch(
                seen -> {
                    Step step = Rotation.next(seen);
                    if (step.action() != Action.START_SWEEP) return step;
                    return as(step, seen.retired().containsKey(step.share()) ? Action.RETIRE : Action.COPY_TO_RETIRED);
                },
                1);
        assertThat(search.run()).contains("an erased token reads");
    }

    @Test
    void aRetirementBeforeTheRewrapIsFound() {
        assertFound(step -> step.action() == Action.START_REWRAP ? as(step, Action.RETIRE) : step, "a live");
    }

    @Test
    void aPromotionBeforeTheDistributionIsFound() {
        assertFound(
                step -> step.phase() == Step.Phase.DISTRIBUTE ? as(step, Action.MAKE_PRIMARY) : step, "does not read");
    }

    @Test
    void aDestructionWithoutGraceIsFound() {
        ModelSearch search = new ModelSearch(
                seen -> {
                    Step step = Rotation.next(seen);
                    return seen.retired().keySet().stream()
                            .filter(share -> !seen.keyring().shares().contains(share))
                            .filter(share -> step.action() == Action.WAIT)
                            .findFirst()
                            .map(share -> new Step(Step.Phase.DESTROY, share, Action.DESTROY, ""))
                            .orElse(step);
                },
                1);
        assertThat(search.run()).contains("no share that opens it");
    }

    @Test
    void aListingOfAnotherStoreThatCountsAsProvenIsFound() {
        ModelSearch search =
                new ModelSearch(seen -> Rotation.next(believed(seen, true, seen.records(), seen.clocks())), 1);
        assertThat(search.run()).contains("does not read");
    }

    @Test
    void anEmptyListingWithoutTheStartMarkersThatCountsAsProofIsFound() {
        ModelSearch search = new ModelSearch(seen -> Rotation.next(withoutMarkers(seen)), 1);
        assertThat(search.run()).contains("does not read");
    }

    @Test
    void aDestructionByAClockThatHasJumpedIsFound() {
        Clocks agree = new Clocks(Duration.ZERO, Duration.ZERO);
        ModelSearch search =
                new ModelSearch(seen -> Rotation.next(believed(seen, seen.bucketProven(), seen.records(), agree)), 1);
        assertThat(search.run()).contains("no share that opens it");
    }

    /** The same observation to an operator that does not ask for the start markers. */
    private static RotationState withoutMarkers(RotationState seen) {
        Map<Integer, RecordPresence> records = new HashMap<>(seen.records());
        records.replaceAll((share, left) -> left == RecordPresence.UNPROVEN ? RecordPresence.NONE : left);
        return believed(seen, seen.bucketProven(), records, seen.clocks());
    }

    /** The same observation to an operator that believes this of the bucket, of the listings and of the clocks. */
    private static RotationState believed(
            RotationState seen, boolean proven, Map<Integer, RecordPresence> records, Clocks clocks) {
        return new RotationState(
                seen.policy(),
                seen.keyring(),
                seen.retired(),
                seen.retiredVersion(),
                seen.bucketListed(),
                proven,
                seen.pods(),
                seen.rolledOut(),
                seen.rewrapJobs(),
                seen.sweepJobs(),
                records,
                seen.quarantined(),
                seen.workerFailures(),
                seen.now(),
                clocks);
    }

    private static void assertFound(Function<Step, Step> broken, String what) {
        ModelSearch search = new ModelSearch(seen -> broken.apply(Rotation.next(seen)), 1);
        assertThat(search.run()).contains(what);
    }

    private static Step as(Step step, Action action) {
        return new Step(step.phase(), step.share(), action, step.message());
    }
}
