package dev.lunasec.contract;

/**
 * Why a call is refused with {@link ErrorCode#NO_GRANT}. All but the first one are told only to a caller who holds or
 * held a grant for the token, so that no other caller learns whether the token exists.
 */
public enum NoGrantReason {
    /** No grant is known: there was none, it has expired, it alone was revoked, or Redis lost it. */
    NOT_GRANTED("notGranted"),
    /** The grant is for the other direction: for storing if the caller reads, for reading if the caller stores. */
    WRONG_DIRECTION("wrongDirection"),
    /** All uses of the grant are taken. */
    USES_SPENT("usesSpent"),
    /** The grants for the token or those of the session were revoked, or Redis lost an epoch. */
    REVOKED("revoked");

    private final String word;

    NoGrantReason(String word) {
        this.word = word;
    }

    /** Its name in answers and in the audit log. */
    public String word() {
        return word;
    }
}
