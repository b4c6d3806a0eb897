package dev.lunasec.operator.rotation;

import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.rotation.Step.Action;
import dev.lunasec.operator.rotation.Step.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides the next step of a rotation. No step trusts that the one before it was done: a share becomes primary only if
 * every pod can read it, records move only if every pod writes the new share, and a share is retired only if a new
 * listing shows none of its records, no worker runs, and a sweep Job deleted what was erased during the move.
 */
public final class Rotation {
    /**
     * The grace period counts from the copy, so a copy that is older than this is made again before the share leaves
     * the keyring.
     */
    private static final Duration COPY_VALID_FOR = Duration.ofMinutes(5);

    private Rotation() {}

    /** The next step. */
    public static Step next(RotationState state) {
        Step step = decide(state);
        boolean workersRun = step.phase() == Phase.REWRAP || step.phase() == Phase.VERIFY;
        if (!workersRun || state.workerFailures().isEmpty()) return step;
        String message =
                step.message() + " A worker failed: " + state.workerFailures().get(0);
        return new Step(step.phase(), step.share(), step.action(), message);
    }

    private static Step decide(RotationState state) {
        KeyringIndex keyring = state.keyring();
        Optional<Step> retired = restoreOrDestroy(state);
        if (retired.isPresent()) return retired.get();
        if (keyring.newest() > keyring.primary()) return distribute(state, keyring.newest());
        if (!state.everyPodHasTheKeyring()) return awaitRollout(state);
        // Records must not move to a compromised share.
        if (state.policy().compromised().contains(keyring.newest())) return generate(state);
        Optional<Step> waits = Optional.empty();
        for (int share : keyring.older()) {
            Step step = emptyAndRetire(state, share);
            if (step.phase() != Phase.QUARANTINED && step.phase() != Phase.KEPT) return step;
            if (waits.isEmpty()) waits = Optional.of(step);
        }
        if (!state.noPodHasRetiredShares()) {
            return wait(
                    Phase.RETIRE, keyring.primary(), "The pods that still have a retired share have to be replaced.");
        }
        if (state.policy().asksForNewShare(keyring, state.now())) return generate(state);
        return waits.or(() -> awaitClocks(state))
                .orElseGet(
                        () -> wait(Phase.IDLE, keyring.primary(), "New records use share " + keyring.primary() + "."));
    }

    /** A share is not destroyed while the clocks differ; everything else goes on. */
    private static Optional<Step> awaitClocks(RotationState state) {
        Optional<Integer> retired = state.retired().keySet().stream()
                .filter(share -> !state.keyring().shares().contains(share))
                .findFirst();
        return retired.flatMap(
                share -> state.clocks().disagreement().map(message -> wait(Phase.CLOCKS_DISAGREE, share, message)));
    }

    /** A retired share is restored if something needs it, and destroyed when its grace period is over. */
    private static Optional<Step> restoreOrDestroy(RotationState state) {
        for (Map.Entry<Integer, Instant> retired : state.retired().entrySet()) {
            int share = retired.getKey();
            if (state.keyring().shares().contains(share)) continue;
            RecordPresence records = state.records(share);
            if (records == RecordPresence.SOME || state.policy().kept().contains(share)) {
                String why = records == RecordPresence.SOME ? "records need it." : "spec.keys.keep names it.";
                String message = "The operator restores share " + share + " to the keyring, because " + why;
                return Optional.of(step(Phase.DESTROY, share, Action.RESTORE, message));
            }
            boolean graceIsOver = !state.now().isBefore(state.policy().graceEnds(share, retired.getValue()));
            if (graceIsOver
                    && state.clocks().disagreement().isEmpty()
                    && records == RecordPresence.NONE
                    && state.noPodHasRetiredShares()
                    && !state.workersRun(share)) {
                String message = "The operator destroys share " + share + ": its grace period is over.";
                return Optional.of(step(Phase.DESTROY, share, Action.DESTROY, message));
            }
        }
        return Optional.empty();
    }

    /** The number of a new share is higher than that of every share that the keyring Secrets or the bucket know. */
    private static Step generate(RotationState state) {
        int highest = Stream.concat(Stream.of(state.keyring().newest()), state.retired().keySet().stream())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        int share = highest + 1;
        String unknown = "The store did not list the shares of its records; see the condition StorageReady.";
        return state.bucketListed()
                ? step(Phase.GENERATE, share, Action.ADD_SHARE, "The operator creates share " + share + ".")
                : wait(Phase.GENERATE, share, unknown);
    }

    private static Step distribute(RotationState state, int share) {
        return state.everyPodHasTheKeyring()
                ? step(Phase.PROMOTE, share, Action.MAKE_PRIMARY, "New records will use share " + share + ".")
                : wait(Phase.DISTRIBUTE, share, "Every pod has to load share " + share + "; " + podsThatHaveIt(state));
    }

    /** After each change of the keyring the pods are replaced. */
    private static Step awaitRollout(RotationState state) {
        KeyringIndex keyring = state.keyring();
        return wait(
                keyring.older().isEmpty() ? Phase.RETIRE : Phase.PROMOTE,
                keyring.primary(),
                "Every pod has to load the current keyring; " + podsThatHaveIt(state));
    }

    private static Step emptyAndRetire(RotationState state, int share) {
        RecordPresence records = state.records(share);
        if (records == RecordPresence.UNKNOWN) {
            String message =
                    "The store did not list the records of share " + share + "; see the condition StorageReady.";
            return wait(Phase.REWRAP, share, message);
        }
        if (records == RecordPresence.SOME) return rewrap(state, share);
        if (state.rewrapJob(share) == JobState.RUNNING) {
            String message = "The last worker that moves records of share " + share + " has to end.";
            return wait(Phase.VERIFY, share, message);
        }
        if (state.rewrapJob(share) != JobState.NONE)
            return step(Phase.VERIFY, share, Action.END_REWRAP, "No record is left under share " + share + ".");
        return verify(state, share);
    }

    private static Step rewrap(RotationState state, int share) {
        String message = "Workers move records from share " + share + " to share "
                + state.keyring().primary() + ".";
        // A sweep that ran before these records appeared proves nothing about them.
        if (state.sweepJob(share) != JobState.NONE) return step(Phase.REWRAP, share, Action.END_SWEEP, message);
        return switch (state.rewrapJob(share)) {
            case NONE -> step(Phase.REWRAP, share, Action.START_REWRAP, message);
            case RUNNING -> wait(Phase.REWRAP, share, message);
            case DONE, FAILED, OUTDATED -> step(Phase.REWRAP, share, Action.END_REWRAP, message);
        };
    }

    private static Step verify(RotationState state, int share) {
        String sweeps = "The sweep Job deletes what was erased during the move.";
        return switch (state.sweepJob(share)) {
            case NONE -> step(Phase.VERIFY, share, Action.START_SWEEP, sweeps);
            case RUNNING -> wait(Phase.VERIFY, share, sweeps);
            case FAILED ->
                step(Phase.VERIFY, share, Action.END_SWEEP, "The sweep Job failed; the operator starts it again.");
            case OUTDATED ->
                step(Phase.VERIFY, share, Action.END_SWEEP, "The sweep Job is outdated; the operator starts it again.");
            case DONE -> retire(state, share);
        };
    }

    private static Step retire(RotationState state, int share) {
        int quarantined = state.quarantined(share);
        if (quarantined > 0 && !state.policy().givenUp().contains(share)) {
            String message = "Share " + share + " has quarantined records (" + quarantined + ", under quarantine/"
                    + share + "/); repair them, or give them up with spec.keys.giveUp: docs/operations.md says how.";
            return wait(Phase.QUARANTINED, share, message);
        }
        if (state.policy().kept().contains(share)) {
            String message = "Share " + share + " stays in the keyring, because spec.keys.keep names it.";
            return wait(Phase.KEPT, share, message);
        }
        Optional<String> disagreement = state.clocks().disagreement();
        if (disagreement.isPresent()) return wait(Phase.CLOCKS_DISAGREE, share, disagreement.get());
        Instant copied = state.retired().get(share);
        boolean copyIsNew = copied != null && copied.plus(COPY_VALID_FOR).isAfter(state.now());
        Action action = copyIsNew ? Action.RETIRE : Action.COPY_TO_RETIRED;
        return step(Phase.RETIRE, share, action, "The operator removes share " + share + " from the keyring.");
    }

    private static String podsThatHaveIt(RotationState state) {
        long done = state.pods().stream()
                .filter(pod -> pod.covers(state.keyring().announcement()))
                .count();
        return done + " of " + state.pods().size() + " pods have it.";
    }

    private static Step step(Phase phase, int share, Action action, String message) {
        return new Step(phase, share, action, message);
    }

    private static Step wait(Phase phase, int share, String message) {
        return new Step(phase, share, Action.WAIT, message);
    }
}
