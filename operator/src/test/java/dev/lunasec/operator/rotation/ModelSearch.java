package dev.lunasec.operator.rotation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A search through all states of a model, nearest first, from its first state on. */
final class ModelSearch {
    private final StateSet seen = new StateSet();
    private final SmallWorld world;
    private int[] cameFrom = new int[1];

    ModelSearch(Function<RotationState, Step> next, int rotations) {
        world = new SmallWorld(next, rotations);
        seen.add(world.encode());
    }

    int states() {
        return seen.size();
    }

    /** The first state that breaks a promise, with the states on the way to it; null when there is none. */
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

    /**
     * The first state from which the rotation does not end although nothing fails any more; null when there is none. To
     * be called after {@link #run}.
     */
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
