package dev.lunasec.operator.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.operator.rotation.Step.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every state that two rotations of a small vault can come to, with the steps that the operator takes in truth: in each of them every
 * live token reads, no erased one does, and the way to the end is open.
 */
class RotationModelTest {
    private static final int ROTATIONS = Integer.getInteger("rotations", 2);

    @Test
    void inEveryStateTokensReadErasedOnesDoNotAndTheEndCanBeReached() {
        Search search = new Search(Rotation::next, ROTATIONS);
        assertThat(search.run()).isNull();
        assertThat(search.stuck()).isNull();
        System.out.println("The model of " + ROTATIONS + " rotations has " + search.states() + " states.");
    }

    @Test
    void aRetirementBeforeTheSweepIsFound() {
        Search search = new Search(
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
        Search search = new Search(
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

    private static void assertFound(Function<Step, Step> broken, String what) {
        Search search = new Search(seen -> broken.apply(Rotation.next(seen)), 1);
        assertThat(search.run()).contains(what);
    }

    private static Step as(Step step, Action action) {
        return new Step(step.phase(), step.share(), action, step.message());
    }

    /** All states, the nearest first. */
    private static final class Search {
        private final StateSet seen = new StateSet();
        private final SmallWorld world;
        private int[] cameFrom = new int[1];

        Search(Function<RotationState, Step> next, int rotations) {
            world = new SmallWorld(next, rotations);
            seen.add(world.encode());
        }

        int states() {
            return seen.size();
        }

        /** The first state that must not be, null when there is none. */
        @Nullable
        String run() {
            for (int at = 0; at < seen.size(); at++) {
                world.decode(seen.get(at));
                String violation = world.violation();
                if (violation != null) return violation + wayTo(at);
                int from = at;
                world.successors(state -> {
                    if (!seen.add(state)) return;
                    if (cameFrom.length < seen.size()) cameFrom = Arrays.copyOf(cameFrom, 2 * seen.size());
                    cameFrom[seen.size() - 1] = from;
                });
            }
            return null;
        }

        private String wayTo(int state) {
            StringBuilder way = new StringBuilder();
            for (int at = state; at > 0; at = cameFrom[at]) {
                world.decode(seen.get(at));
                way.insert(0, "\n  " + world);
            }
            return way.toString();
        }

        /** The first state that does not come to rest with all done when nothing goes wrong any more, null when there is none. */
        @Nullable
        String stuck() {
            boolean[] good = new boolean[seen.size()];
            for (int from = 0; from < seen.size(); from++) {
                List<Integer> way = new ArrayList<>();
                int at = from;
                while (!good[at]) {
                    good[at] = true; // and if it is not, this is found out now
                    way.add(at);
                    world.decode(seen.get(at));
                    long[] there = world.calm();
                    if (there == null) {
                        if (!world.quiet()) return "it ends there: " + world;
                        break;
                    }
                    int next = seen.indexOf(there);
                    if (next < 0) return "a way that was not searched: " + world;
                    if (way.contains(next)) return "it goes round for ever: " + world;
                    at = next;
                }
            }
            return null;
        }
    }
}
