package dev.lunasec.operator.rotation;

/**
 * The one thing that a rotation does next.
 *
 * @param phase the part of the rotation
 * @param share the number of the share that the step is about; the primary share while nothing rotates
 * @param action the write to make now
 * @param message one sentence that says what the operator does, or what it waits for
 */
public record Step(Phase phase, int share, Action action, String message) {

    /** The parts of a rotation, in their order. */
    public enum Phase {
        /** No rotation is asked for, or the last one is complete. */
        IDLE("NotRotating"),
        /** The operator creates a share. */
        GENERATE("Generating"),
        /** Every pod has to load the new share. */
        DISTRIBUTE("Distributing"),
        /** The new share becomes the primary one. */
        PROMOTE("Promoting"),
        /** Workers move the records of an older share to the primary share. */
        REWRAP("Rewrapping"),
        /**
         * The operator makes sure that no record is left, and the sweep Job deletes what was erased during the move.
         */
        VERIFY("Verifying"),
        /** The store lists no record of a share, but not the start markers of the share either. */
        LISTING_INCOMPLETE("ListingIncomplete"),
        /** Someone has to repair or give up the quarantined records of a share. */
        QUARANTINED("RecordsQuarantined"),
        /** A share could be retired or destroyed, but the clocks by which its age is measured differ. */
        CLOCKS_DISAGREE("ClocksDisagree"),
        /** The resource asks for an older share to stay in the keyring. */
        KEPT("ShareKept"),
        /** An older share is removed from the keyring and from the pods. */
        RETIRE("Retiring"),
        /** A retired share is destroyed, or restored because a record needs it. */
        DESTROY("Destroying");

        private final String reason;

        Phase(String reason) {
            this.reason = reason;
        }

        /** Whether the next step follows soon, without anyone's decision. */
        public boolean progresses() {
            return switch (this) {
                case IDLE, LISTING_INCOMPLETE, QUARANTINED, KEPT, CLOCKS_DISAGREE -> false;
                case GENERATE, DISTRIBUTE, PROMOTE, REWRAP, VERIFY, RETIRE, DESTROY -> true;
            };
        }

        /** The reason of the condition Rotating. */
        public String reason() {
            return reason;
        }
    }

    /** What is done. Each action may be repeated, and is one write, but for the four of the start markers. */
    public enum Action {
        WAIT,
        ADD_SHARE,
        /** Puts the start markers of the share into the bucket. */
        MARK_START,
        MAKE_PRIMARY,
        START_REWRAP,
        END_REWRAP,
        START_SWEEP,
        END_SWEEP,
        /** Copies the share from the keyring to the Secret of retired shares. */
        COPY_TO_RETIRED,
        /** Removes the share from the keyring. */
        RETIRE,
        /** Copies a retired share back to the keyring. */
        RESTORE,
        /**
         * Removes the share from the Secret of retired shares, where the last copy of it is. No other action removes a
         * copy: a second operator could retire the share at the same time.
         */
        DESTROY
    }

    /** A step in which the operator writes nothing. */
    static Step wait(Phase phase, int share, String message) {
        return new Step(phase, share, Action.WAIT, message);
    }

    /** A person has to find out what the store does not list. */
    static Step listingIncomplete(int share) {
        String message = "The store lists no record of share " + share + ", but not the start markers of share " + share
                + " either, so it may hide records or be a replica without them: docs/operations.md says what to do.";
        return wait(Phase.LISTING_INCOMPLETE, share, message);
    }
}
