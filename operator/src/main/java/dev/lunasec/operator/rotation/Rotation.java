package dev.lunasec.operator.rotation;

import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.KeyringState.Records;
import dev.lunasec.operator.rotation.RotationState.Job;
import dev.lunasec.operator.rotation.Step.Action;
import dev.lunasec.operator.rotation.Step.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The next step of a rotation. Each says by itself, from what is seen, that all before it is done: a share is only made primary when
 * every pod can read it, records only move when every pod writes the new share, and a share is only retired when a fresh listing
 * showed none of its records, nobody moves any, and what was erased meanwhile is swept.
 */
public final class Rotation {
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    /** How long a share may stand in both Secrets before it leaves the keyring. */
    private static final Duration AT_MOST_ASIDE = Duration.ofMinutes(5);

    private Rotation() {}

    /** Decides. */
    public static Step next(RotationState seen) {
        Step step = decide(seen);
        boolean workersWork = step.phase() == Phase.REWRAP || step.phase() == Phase.VERIFY;
        if (!workersWork || seen.complaints().isEmpty()) return step;
        String message =
                step.message() + " A worker failed: " + seen.complaints().get(0);
        return new Step(step.phase(), step.share(), step.action(), message);
    }

    private static Step decide(RotationState seen) {
        KeyringIndex keyring = seen.keyring();
        Optional<Step> retired = retired(seen);
        if (retired.isPresent()) return retired.get();
        if (keyring.newest() > keyring.primary()) return distribute(seen, keyring.newest());
        if (!seen.everyPodHasTheKeyring()) return settle(seen);
        // Nothing is moved to a share that a stranger may have.
        if (seen.wish().compromised().contains(keyring.newest())) return generate(seen);
        Optional<Step> waits = Optional.empty();
        for (int share : keyring.older()) {
            Step step = leave(seen, share);
            if (step.phase() != Phase.BLOCKED && step.phase() != Phase.KEPT) return step;
            if (waits.isEmpty()) waits = Optional.of(step);
        }
        if (!seen.noPodHasMore()) {
            return wait(Phase.RETIRE, keyring.primary(), "Pods that still have a retired share are replaced.");
        }
        if (seen.wish().asksForAnother(keyring, seen.now())) return generate(seen);
        return waits.orElseGet(
                () -> wait(Phase.IDLE, keyring.primary(), "New records use share " + keyring.primary() + "."));
    }

    /** The number is one that no share ever had, as far as anybody can see. */
    private static Step generate(RotationState seen) {
        int highest = Stream.concat(Stream.of(seen.keyring().newest()), seen.retired().keySet().stream())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        int share = highest + 1;
        return seen.bucketIsKnown()
                ? step(Phase.GENERATE, share, Action.ADD_SHARE, "Share " + share + " is made.")
                : wait(Phase.GENERATE, share, "The store does not say which shares it has records of.");
    }

    /** A retired share whose time is over goes, and one that is needed after all comes back. */
    private static Optional<Step> retired(RotationState seen) {
        for (Map.Entry<Integer, Instant> retired : seen.retired().entrySet()) {
            int share = retired.getKey();
            if (seen.keyring().shares().contains(share)) continue;
            Records records = seen.records(share);
            if (records == Records.SOME || seen.wish().kept().contains(share)) {
                String why = records == Records.SOME ? "there are records under it." : "it is to be kept.";
                String message = "Share " + share + " comes back into the keyring: " + why;
                return Optional.of(step(Phase.DESTROY, share, Action.BRING_BACK, message));
            }
            boolean over = !seen.now().isBefore(seen.wish().destroyedAt(share, retired.getValue()));
            if (over && records == Records.NONE && seen.noPodHasMore() && !seen.moves(share)) {
                String message = "Share " + share + " is destroyed.";
                return Optional.of(step(Phase.DESTROY, share, Action.DESTROY, message));
            }
        }
        return Optional.empty();
    }

    /** How long nothing will come of looking again, while no rotation is asked for; empty for ever. */
    public static Optional<Duration> nextAt(RotationState seen) {
        Stream<Instant> destroyed = seen.retired().entrySet().stream()
                .map(retired -> seen.wish().destroyedAt(retired.getKey(), retired.getValue()));
        return Stream.concat(destroyed, seen.wish().dueAt(seen.keyring()).stream())
                .min(Comparator.naturalOrder())
                .map(due -> Duration.between(seen.now(), due))
                .map(wait -> wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
    }

    private static Step distribute(RotationState seen, int share) {
        return seen.everyPodHasTheKeyring()
                ? step(Phase.PROMOTE, share, Action.MAKE_PRIMARY, "New records are to use share " + share + ".")
                : wait(Phase.DISTRIBUTE, share, "Every pod is to load share " + share + "; " + pods(seen));
    }

    /** Pods are replaced after a change of the keyring; what is to come waits for that. */
    private static Step settle(RotationState seen) {
        KeyringIndex keyring = seen.keyring();
        return wait(
                keyring.older().isEmpty() ? Phase.RETIRE : Phase.PROMOTE,
                keyring.primary(),
                "Every pod is to run with the keyring as it is; " + pods(seen));
    }

    private static Step leave(RotationState seen, int share) {
        Records records = seen.records(share);
        boolean stays = records == Records.SOME || seen.wish().kept().contains(share);
        if (stays && seen.retired().containsKey(share))
            return step(Phase.REWRAP, share, Action.UNDO_ASIDE, "Share " + share + " is in the keyring again.");
        if (records == Records.UNKNOWN) {
            return wait(Phase.REWRAP, share, "The store does not say what is left under share " + share + ".");
        }
        if (records == Records.SOME) return rewrap(seen, share);
        if (seen.rewrap(share) == Job.RUNNING)
            return wait(Phase.VERIFY, share, "The last worker that moved records of share " + share + " ends.");
        if (seen.rewrap(share) != Job.NONE)
            return step(Phase.VERIFY, share, Action.END_REWRAP, "No record is left under share " + share + ".");
        return verify(seen, share);
    }

    private static Step rewrap(RotationState seen, int share) {
        String message = "Records move from share " + share + " to share "
                + seen.keyring().primary() + ".";
        // A sweep that ran before these records came proves nothing about them.
        if (seen.sweep(share) != Job.NONE) return step(Phase.REWRAP, share, Action.END_SWEEP, message);
        return switch (seen.rewrap(share)) {
            case NONE -> step(Phase.REWRAP, share, Action.START_REWRAP, message);
            case RUNNING -> wait(Phase.REWRAP, share, message);
            case DONE, FAILED, OUTDATED -> step(Phase.REWRAP, share, Action.END_REWRAP, message);
        };
    }

    private static Step verify(RotationState seen, int share) {
        switch (seen.sweep(share)) {
            case NONE:
                return step(Phase.VERIFY, share, Action.START_SWEEP, "What was erased meanwhile is swept.");
            case RUNNING:
                return wait(Phase.VERIFY, share, "What was erased meanwhile is swept.");
            case FAILED:
                return step(Phase.VERIFY, share, Action.END_SWEEP, "The sweep failed and is begun again.");
            case DONE:
            default:
                break;
        }
        if (seen.quarantined(share) > 0 && !seen.wish().givenUp().contains(share)) {
            return wait(
                    Phase.BLOCKED,
                    share,
                    seen.quarantined(share) + " damaged records stand under quarantine/" + share
                            + "/; put them right, or give them up (docs/operations.md says how).");
        }
        if (seen.wish().kept().contains(share))
            return wait(Phase.KEPT, share, "Share " + share + " is kept, as spec.keys.keep asks.");
        // Its grace begins when it leaves the keyring.
        Instant aside = seen.retired().get(share);
        boolean fresh = aside != null && aside.plus(AT_MOST_ASIDE).isAfter(seen.now());
        Action action = fresh ? Action.RETIRE : Action.SET_ASIDE;
        return step(Phase.RETIRE, share, action, "Share " + share + " leaves the keyring.");
    }

    private static String pods(RotationState seen) {
        long done = seen.pods().stream()
                .filter(pod -> pod.covers(seen.keyring().announcement()))
                .count();
        return done + " of " + seen.pods().size() + " do.";
    }

    private static Step step(Phase phase, int share, Action action, String message) {
        return new Step(phase, share, action, message);
    }

    private static Step wait(Phase phase, int share, String message) {
        return new Step(phase, share, Action.WAIT, message);
    }
}
