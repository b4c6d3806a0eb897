package dev.lunasec.operator.rotation;

/**
 * Where a rotation stands, and what is to be done.
 *
 * @param phase which part of it
 * @param share the number that it is about; the primary one while nothing rotates
 * @param action the one thing to do now
 * @param message what is done or waited for, one sentence
 */
public record Step(Phase phase, int share, Action action, String message) {

    /** The parts of a rotation, in their order. */
    public enum Phase {
        /** No rotation is asked for, or the last one is complete. */
        IDLE("NotRotating"),
        /** A new share is made. */
        GENERATE("Generating"),
        /** Every pod is to load the new share. */
        DISTRIBUTE("Distributing"),
        /** New records are to use the new share. */
        PROMOTE("Promoting"),
        /** The records of an older share are moved to the primary. */
        REWRAP("Rewrapping"),
        /** It is made sure that none is left. */
        VERIFY("Verifying"),
        /** Damaged records wait for someone to decide about them. */
        BLOCKED("RecordsQuarantined"),
        /** The older share could leave, and the resource asks that it stays. */
        KEPT("ShareKept"),
        /** The older share leaves the keyring and the pods. */
        RETIRE("Retiring"),
        /** A retired share is destroyed, or comes back because a record needs it. */
        DESTROY("Destroying");

        private final String reason;

        Phase(String reason) {
            this.reason = reason;
        }

        /** Whether it goes on by itself, soon. */
        public boolean movesOn() {
            return this != IDLE && this != BLOCKED && this != KEPT;
        }

        /** The word for it in conditions. */
        public String reason() {
            return reason;
        }
    }

    /** What is done: each is one write, which may be done twice, and after which the next look comes to another step. */
    public enum Action {
        WAIT,
        ADD_SHARE,
        MAKE_PRIMARY,
        START_REWRAP,
        END_REWRAP,
        START_SWEEP,
        END_SWEEP,
        /** The share is put into the Secret of the retired ones, too. */
        SET_ASIDE,
        /** It leaves the keyring. */
        RETIRE,
        /** A retired share is put into the keyring. */
        BRING_BACK,
        /** A share that is in the keyring again leaves the Secret of the retired ones, where it would grow old. */
        UNDO_ASIDE,
        DESTROY
    }
}
