package dev.lunasec.tokenizer.grant;

import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The grants of all sessions, which are named by their pseudonyms. Every method throws {@link CallFailed} with {@link
 * dev.lunasec.contract.ErrorCode#GRANTS_UNAVAILABLE} when Redis gives no answer in time.
 */
public interface Grants {

    /**
     * Counts a grant that a caller is about to set. A grant that replaces another one counts beside it until that one
     * would have expired.
     *
     * @param lifetime of the grant
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#TOO_MANY_GRANTS} when as many of its grants are valid as
     *     it may have, {@link dev.lunasec.contract.ErrorCode#GRANTS_FULL} when Redis has no memory left
     */
    void count(Granter granter, Duration lifetime);

    /**
     * Sets a grant; an earlier one of the same session and record is replaced.
     *
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased,
     *     {@link dev.lunasec.contract.ErrorCode#GRANTS_FULL} when Redis has no memory left; an earlier grant stays then
     */
    void set(String session, RecordId record, Grant grant);

    /** Whether there is a grant, for either direction, for a record that is not marked as erased. */
    boolean verify(String session, RecordId record);

    /**
     * Takes one use of a grant that allows reading, in one step: if two callers ask at the same time, only one gets the
     * last use.
     *
     * @return how long a URL for this use may be valid: as long as the grant lasts, and at most ten seconds if its uses
     *     are limited
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#NO_GRANT} when there is none, {@link
     *     dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased
     */
    Duration use(String session, RecordId record);

    /**
     * Takes a use as {@link #use} does, and reads the copy of the record in the same round trip. Only an admitted use
     * gets the copy, and none is left after {@link #erase}.
     *
     * @throws CallFailed as {@link #use}
     */
    GrantUse useWithCopy(String session, RecordId record);

    /**
     * Keeps a copy of a sealed record beside a grant, for a minute at most and not longer than the grant. Nothing
     * depends on it. There is no copy without a grant that holds as far as the record is concerned, of a record that is
     * marked as erased, or while Redis is half full or has no limit of its memory.
     *
     * @param sealed the text of the record
     * @return whether there is a copy now
     * @throws CallFailed also {@link dev.lunasec.contract.ErrorCode#GRANTS_FULL} when Redis has no memory left
     */
    boolean copy(String session, RecordId record, String sealed);

    /**
     * Checks for a grant that allows reading, and takes no use.
     *
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#NO_GRANT} when there is none, {@link
     *     dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased
     */
    void check(String session, RecordId record);

    /**
     * Checks that a record is not marked as erased, for a caller who needs no grant.
     *
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when it is
     */
    void requireNotErased(RecordId record);

    /**
     * Checks for a grant that allows storing.
     *
     * @return how long it lasts
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#NO_GRANT} when there is none, {@link
     *     dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased
     */
    Duration checkStore(String session, RecordId record);

    /**
     * Revokes grants that were set so far, also those that other pods set: all of a session, all for a record, or the
     * one of both. When the method returns, no pod admits a use of them, and every connected replica of Redis knows.
     *
     * @param session null for all sessions
     * @param record null for all records of the session; one of both must be named
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#REPLICATION_UNCONFIRMED} when a replica does not confirm
     *     it in time. The grants are revoked then, until a failover to that replica; the call can be repeated
     */
    void revoke(@Nullable String session, @Nullable RecordId record);

    /**
     * Marks a record as erased: from now on no grant for it is valid on any pod. If several callers mark it, all get
     * the time of the first mark.
     *
     * @param now in whole seconds
     * @param remembered how long Redis keeps the mark at least; it keeps it longer if there may be grants that last
     *     longer
     * @return when it was marked first
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#REPLICATION_UNCONFIRMED} when a replica of Redis does
     *     not confirm the mark in time
     */
    Instant erase(RecordId record, Instant now, Duration remembered);

    /** Checks that Redis takes writes. A full Redis passes, because callers can still read and erase. */
    void ping();

    /**
     * How much of its {@code maxmemory} Redis uses, from 0 to 1 and a little more; NaN if it has no limit or does not
     * tell. In a Redis Cluster it is that of the fullest primary.
     */
    double memoryRatio();
}
