package dev.lunasec.tokenizer.grant;

import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;

/**
 * The grants of all sessions. A session comes as its pseudonym. Every method asks Redis once, and throws {@link CallFailed} with {@link
 * dev.lunasec.contract.ErrorCode#GRANTS_UNAVAILABLE} when there is no answer in time.
 */
public interface Grants {

    /**
     * Gives a grant; an earlier one of the same session and record is replaced.
     *
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased
     */
    void set(String session, RecordId record, Grant grant);

    /** Whether there is a grant, for either direction, for a record that is not marked as erased. */
    boolean verify(String session, RecordId record);

    /**
     * Takes one use of a grant that allows reading, in one step: of two callers at the same time one gets the last use.
     *
     * @return how long the grant still lasts
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#NO_GRANT} when there is none, {@link
     *     dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased
     */
    Duration use(String session, RecordId record);

    /**
     * Checks for a grant that allows reading, and takes no use.
     *
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#NO_GRANT} when there is none, {@link
     *     dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased
     */
    void check(String session, RecordId record);

    /**
     * Marks a record as erased: from now on all grants for it are worth nothing, on every pod. Of several who do it at the same time all
     * get the moment of the first.
     *
     * @param now in whole seconds
     * @param remembered for how long
     * @return when it was marked first
     */
    Instant erase(RecordId record, Instant now, Duration remembered);

    /** Finds out whether grants can be written and read at all, with one that is nobody's. */
    void ping();
}
