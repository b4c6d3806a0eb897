package dev.lunasec.operator.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.rotation.Step.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two operators work on one vault at the same time, each may be paused between its observation and its write for any
 * time, and share 1 of a keyring whose primary share is 2 moves between the two Secrets. Every order of their steps is
 * tried, while records of share 1 appear and disappear, and the resource begins and ceases to keep the share. Only an
 * operator that decided to destroy the share takes its last copy. The API server rejects a write on an old version of a
 * Secret, as {@code StaleOperatorTest} shows.
 */
@Tag("pure")
class TwoOperatorsModelTest {
    private static final int SHARE = 1;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    /** How old the copy among the retired shares is. */
    private enum Copy {
        NONE(Duration.ZERO),
        NEW(Duration.ZERO),
        IN_GRACE(Duration.ofMinutes(30)),
        GRACE_OVER(Duration.ofHours(2));

        private final Duration age;

        Copy(Duration age) {
            this.age = age;
        }
    }

    /**
     * What an operator has decided and not written yet.
     *
     * @param action null if it has decided nothing
     * @param keyringSame whether the keyring Secret is still at the version that it observed
     * @param retiredSame the same of the Secret of retired shares
     */
    private record Pending(@Nullable Action action, boolean keyringSame, boolean retiredSame) {
        private static final Pending NOTHING = new Pending(null, true, true);

        Pending afterChange(boolean keyring, boolean retired) {
            return action == null ? this : new Pending(action, keyringSame && !keyring, retiredSame && !retired);
        }
    }

    /**
     * All that matters of the world.
     *
     * @param live whether the keyring holds the share
     * @param records whether there are records of the share
     * @param kept whether {@code spec.keys.keep} names the share
     * @param destroyed whether an operator that decided to destroy the share has done so
     */
    private record State(
            boolean live, Copy copy, boolean records, boolean kept, boolean destroyed, Pending one, Pending other) {
        State with(Pending changed) {
            return new State(live, copy, records, kept, destroyed, changed, other);
        }

        State swapped() {
            return new State(live, copy, records, kept, destroyed, other, one);
        }

        /** After a write of the first operator. */
        State written(boolean isLive, Copy copied, boolean isDestroyed) {
            boolean keyring = isLive != live;
            return new State(
                    isLive, copied, records, kept, isDestroyed, Pending.NOTHING, other.afterChange(keyring, !keyring));
        }

        boolean isLost() {
            return !live && copy == Copy.NONE && !destroyed;
        }
    }

    @Test
    void noOrderOfTheStepsOfTwoOperatorsLosesAShare() {
        assertThat(lost(Rotation::next)).isNull();
    }

    @Test
    void aCopyThatIsRemovedBecauseTheShareStaysIsFound() {
        assertThat(lost(seen -> {
                    boolean stays = seen.records(SHARE) == RecordPresence.SOME
                            || seen.policy().kept().contains(SHARE);
                    boolean twice = seen.keyring().shares().contains(SHARE)
                            && seen.retired().containsKey(SHARE);
                    return stays && twice
                            ? new Step(Step.Phase.REWRAP, SHARE, Action.DESTROY, "")
                            : Rotation.next(seen);
                }))
                .isNotNull();
    }

    /** The states on the way to one without the share; null if there is none. */
    private static @Nullable String lost(Function<RotationState, Step> next) {
        State first = new State(true, Copy.NONE, true, false, false, Pending.NOTHING, Pending.NOTHING);
        Map<State, State> cameFrom = new HashMap<>(Map.of(first, first));
        Deque<State> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            State state = open.remove();
            if (state.isLost()) return way(state, cameFrom);
            Consumer<State> take = there -> {
                if (cameFrom.putIfAbsent(there, state) == null) open.add(there);
            };
            theWorld(state, take);
            operator(state, next, take);
            operator(state.swapped(), next, there -> take.accept(there.swapped()));
        }
        assertThat(cameFrom).hasSizeGreaterThan(500);
        return null;
    }

    private static String way(State state, Map<State, State> cameFrom) {
        State before = Objects.requireNonNull(cameFrom.get(state));
        return (before.equals(state) ? "" : way(before, cameFrom)) + "\n  " + state;
    }

    private static void theWorld(State s, Consumer<State> take) {
        take.accept(new State(s.live, s.copy, !s.records, s.kept, s.destroyed, s.one, s.other));
        take.accept(new State(s.live, s.copy, s.records, !s.kept, s.destroyed, s.one, s.other));
        if (s.copy == Copy.NEW)
            take.accept(new State(s.live, Copy.IN_GRACE, s.records, s.kept, s.destroyed, s.one, s.other));
        if (s.copy == Copy.IN_GRACE)
            take.accept(new State(s.live, Copy.GRACE_OVER, s.records, s.kept, s.destroyed, s.one, s.other));
    }

    /** The first operator observes and decides, or writes what it has decided, or fails before the write. */
    private static void operator(State state, Function<RotationState, Step> next, Consumer<State> take) {
        Action action = state.one.action;
        if (action == null) {
            Step step = next.apply(observed(state));
            if (step.share() == SHARE) take.accept(state.with(new Pending(step.action(), true, true)));
            return;
        }
        take.accept(state.with(Pending.NOTHING));
        switch (action) {
            case COPY_TO_RETIRED -> {
                // It copies what the keyring holds now.
                if (state.one.retiredSame && state.live) take.accept(state.written(true, Copy.NEW, false));
            }
            case RETIRE -> {
                if (state.one.keyringSame) take.accept(state.written(false, state.copy, false));
            }
            case RESTORE -> {
                if (state.one.keyringSame && state.copy != Copy.NONE)
                    take.accept(state.written(true, state.copy, false));
            }
            case DESTROY -> {
                // Taking the last copy is a loss if the share was live when this was decided.
                if (state.one.retiredSame) take.accept(state.written(state.live, Copy.NONE, state.one.keyringSame));
            }
            default -> {}
        }
    }

    private static RotationState observed(State state) {
        List<Integer> shares = state.live ? List.of(SHARE, 2) : List.of(2);
        KeyringIndex keyring = new KeyringIndex(2, shares, 2, null, null);
        Set<Integer> kept = state.kept ? Set.of(SHARE) : Set.of();
        return new RotationState(
                new RotationPolicy(2, null, Duration.ZERO, HOUR, Set.of(), kept, Set.of()),
                keyring,
                state.copy == Copy.NONE ? Map.of() : Map.of(SHARE, NOW.minus(state.copy.age)),
                "1",
                true,
                true,
                List.of(new KeyringAnnouncement(2, shares)),
                true,
                Map.of(),
                state.records ? Map.of() : Map.of(SHARE, JobState.DONE),
                Map.of(SHARE, state.records ? RecordPresence.SOME : RecordPresence.NONE),
                Map.of(),
                List.of(),
                NOW,
                new Clocks(Duration.ZERO, Duration.ZERO));
    }
}
