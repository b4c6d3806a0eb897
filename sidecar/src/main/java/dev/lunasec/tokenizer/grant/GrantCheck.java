package dev.lunasec.tokenizer.grant;

import org.jspecify.annotations.Nullable;

/**
 * What Redis knows of a grant. The script of the record and the epoch of the session are read in the same round trip,
 * because they may be on two nodes.
 *
 * @param answer of the script; over 0 if the grant holds as far as the record is concerned
 * @param named the epoch of the session that the grant names; empty if there is no grant
 * @param current the epoch of the session; null if there is none
 * @param copy the copy of the record; empty if there is none or the caller has not asked for it
 */
record GrantCheck(long answer, String named, @Nullable String current, String copy) {
    /** What scripts return if the grant is for the other direction, if its uses are spent, and if it was revoked. */
    static final long WRONG_DIRECTION = -3;

    static final long USES_SPENT = -4;
    static final long REVOKED = -5;

    /** The answer of the script, or {@link #REVOKED} if the grants of the session were revoked since. */
    long result() {
        return (answer > 0 || !named.isEmpty()) && !named.equals(current) ? REVOKED : answer;
    }

    /** Without the copy. */
    @Override
    public String toString() {
        return "GrantCheck[" + result() + "]";
    }
}
