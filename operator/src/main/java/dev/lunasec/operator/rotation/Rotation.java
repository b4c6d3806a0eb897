package dev.lunasec.operator.rotation;

import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.rotation.Step.Action;
import dev.lunasec.operator.rotation.Step.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        Optional<Step> retired = RetiredSteps.next(state);
        if (retired.isPresent()) return retired.get();
        if (keyring.newest() > keyring.primary()) return distribute(state, keyring.newest());
        if (!state.everyPodHasTheKeyring()) return awaitRollout(state);
        // Records must not move to a compromised share.
        if (state.policy().compromised().contains(keyring.newest())) return generate(state);
        List<Step> waits = new ArrayList<>();
        for (int share : keyring.older()) {
            Step step = emptyAndRetire(state, share);
            if (!mayBeSkipped(step)) return step;
            waits.add(step);
        }
        if (!state.noPodHasRetiredShares()) {
            return Step.wait(
                    Phase.RETIRE, keyring.primary(), "The pods that still have a retired share have to be replaced.");
        }
        if (state.policy().asksForNewShare(keyring, state.now())) return generate(state);
        // What a person has to do comes before what a person has asked for.
        return Stream.concat(waits.stream(), RetiredSteps.wait(state).stream())
                .min(Comparator.comparing(Step::phase))
                .orElseGet(() ->
                        Step.wait(Phase.IDLE, keyring.primary(), "New records use share " + keyring.primary() + "."));
    }

    /** A share that waits for a person holds up no other one. */
    private static boolean mayBeSkipped(Step step) {
        return step.phase() == Phase.QUARANTINED
                || step.phase() == Phase.KEPT
                || step.phase() == Phase.LISTING_INCOMPLETE;
    }

    /** The number of a new share is higher than that of every share that the keyring Secrets or the bucket know. */
    private static Step generate(RotationState state) {
        int highest = Stream.concat(Stream.of(state.keyring().newest()), state.retired().keySet().stream())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        int share = highest + 1;
        String unknown = "The store did not list the shares of its records; see the condition StorageReady.";
        return state.bucketListed()
                ? new Step(Phase.GENERATE, share, Action.ADD_SHARE, "The operator creates share " + share + ".")
                : Step.wait(Phase.GENERATE, share, unknown);
    }

    private static Step distribute(RotationState state, int share) {
        if (!state.everyPodHasTheKeyring()) {
            return Step.wait(
                    Phase.DISTRIBUTE, share, "Every pod has to load share " + share + "; " + podsThatHaveIt(state));
        }
        String message = "New records will use share " + share + ".";
        return switch (state.records(share)) {
            case UNPROVEN ->
                new Step(
                        Phase.PROMOTE,
                        share,
                        Action.MARK_START,
                        "The store has to list the start markers of share " + share + ", which the operator puts.");
            case NONE, SOME -> new Step(Phase.PROMOTE, share, Action.MAKE_PRIMARY, message);
            case UNKNOWN -> Step.wait(Phase.PROMOTE, share, notListed(share));
        };
    }

    private static String notListed(int share) {
        return "The store did not list the records of share " + share + "; see the condition StorageReady.";
    }

    /** After each change of the keyring the pods are replaced. */
    private static Step awaitRollout(RotationState state) {
        KeyringIndex keyring = state.keyring();
        return Step.wait(
                keyring.older().isEmpty() ? Phase.RETIRE : Phase.PROMOTE,
                keyring.primary(),
                "Every pod has to load the current keyring; " + podsThatHaveIt(state));
    }

    private static Step emptyAndRetire(RotationState state, int share) {
        RecordPresence records = state.records(share);
        if (records == RecordPresence.UNKNOWN) return Step.wait(Phase.REWRAP, share, notListed(share));
        if (records == RecordPresence.UNPROVEN) return Step.listingIncomplete(share);
        if (records == RecordPresence.SOME) return rewrap(state, share);
        if (state.rewrapJob(share) == JobState.RUNNING) {
            String message = "The last worker that moves records of share " + share + " has to end.";
            return Step.wait(Phase.VERIFY, share, message);
        }
        if (state.rewrapJob(share) != JobState.NONE)
            return new Step(Phase.VERIFY, share, Action.END_REWRAP, "No record is left under share " + share + ".");
        return verify(state, share);
    }

    private static Step rewrap(RotationState state, int share) {
        String message = "Workers move records from share " + share + " to share "
                + state.keyring().primary() + ".";
        // A sweep that ran before these records appeared proves nothing about them.
        if (state.sweepJob(share) != JobState.NONE) return new Step(Phase.REWRAP, share, Action.END_SWEEP, message);
        return switch (state.rewrapJob(share)) {
            case NONE -> new Step(Phase.REWRAP, share, Action.START_REWRAP, message);
            case RUNNING -> Step.wait(Phase.REWRAP, share, message);
            case DONE, FAILED, OUTDATED -> new Step(Phase.REWRAP, share, Action.END_REWRAP, message);
        };
    }

    private static Step verify(RotationState state, int share) {
        String sweeps = "The sweep Job deletes what was erased during the move.";
        return switch (state.sweepJob(share)) {
            case NONE -> new Step(Phase.VERIFY, share, Action.START_SWEEP, sweeps);
            case RUNNING -> Step.wait(Phase.VERIFY, share, sweeps);
            case FAILED ->
                new Step(Phase.VERIFY, share, Action.END_SWEEP, "The sweep Job failed; the operator starts it again.");
            case OUTDATED ->
                new Step(
                        Phase.VERIFY,
                        share,
                        Action.END_SWEEP,
                        "The sweep Job is outdated; the operator starts it again.");
            case DONE -> retire(state, share);
        };
    }

    private static Step retire(RotationState state, int share) {
        int quarantined = state.quarantined(share);
        if (quarantined > 0 && !state.policy().givenUp().contains(share)) {
            String message = "Share " + share + " has quarantined records (" + quarantined + ", under quarantine/"
                    + share + "/); repair them, or give them up with spec.keys.giveUp: docs/operations.md says how.";
            return Step.wait(Phase.QUARANTINED, share, message);
        }
        if (state.policy().kept().contains(share)) {
            String message = "Share " + share + " stays in the keyring, because spec.keys.keep names it.";
            return Step.wait(Phase.KEPT, share, message);
        }
        Optional<String> disagreement = state.clocks().disagreement();
        if (disagreement.isPresent()) return Step.wait(Phase.CLOCKS_DISAGREE, share, disagreement.get());
        Instant copied = state.retired().get(share);
        boolean copyIsNew = copied != null && copied.plus(COPY_VALID_FOR).isAfter(state.now());
        Action action = copyIsNew ? Action.RETIRE : Action.COPY_TO_RETIRED;
        return new Step(Phase.RETIRE, share, action, "The operator removes share " + share + " from the keyring.");
    }

    private static String podsThatHaveIt(RotationState state) {
        long done = state.pods().stream()
                .filter(pod -> pod.covers(state.keyring().announcement()))
                .count();
        return done + " of " + state.pods().size() + " pods have it.";
    }
}
