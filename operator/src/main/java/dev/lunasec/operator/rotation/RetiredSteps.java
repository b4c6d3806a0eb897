package dev.lunasec.operator.rotation;

import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.rotation.Step.Action;
import dev.lunasec.operator.rotation.Step.Phase;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what happens to the shares that left the keyring: they are restored, they are destroyed, or they wait. */
final class RetiredSteps {
    private RetiredSteps() {}

    /** A retired share is restored if something needs it, and destroyed when its grace period is over. */
    static Optional<Step> next(RotationState state) {
        return retired(state).flatMap(share -> next(state, share).stream()).findFirst();
    }

    private static Optional<Step> next(RotationState state, int share) {
        RecordPresence records = state.records(share);
        if (records == RecordPresence.SOME || state.policy().kept().contains(share)) {
            String why = records == RecordPresence.SOME ? "records need it." : "spec.keys.keep names it.";
            String message = "The operator restores share " + share + " to the keyring, because " + why;
            return Optional.of(new Step(Phase.DESTROY, share, Action.RESTORE, message));
        }
        if (records != RecordPresence.NONE
                || !graceIsOver(state, share)
                || state.clocks().disagreement().isPresent()
                || !state.noPodHasRetiredShares()
                || state.workersRun(share)) return Optional.empty();
        String message = "The operator destroys share " + share + ": its grace period is over.";
        return Optional.of(new Step(Phase.DESTROY, share, Action.DESTROY, message));
    }

    private static boolean graceIsOver(RotationState state, int share) {
        Instant since = state.retired().get(share);
        return since != null && !state.now().isBefore(state.policy().graceEnds(share, since));
    }

    /** Why a share is not destroyed, if that needs a person; everything else goes on. */
    static Optional<Step> wait(RotationState state) {
        return retired(state).flatMap(share -> wait(state, share).stream()).findFirst();
    }

    private static Optional<Step> wait(RotationState state, int share) {
        if (state.records(share) == RecordPresence.UNPROVEN) return Optional.of(Step.listingIncomplete(share));
        return state.clocks().disagreement().map(message -> Step.wait(Phase.CLOCKS_DISAGREE, share, message));
    }

    private static Stream<Integer> retired(RotationState state) {
        return state.retired().keySet().stream()
                .filter(share -> !state.keyring().shares().contains(share));
    }
}
