package dev.lunasec.tokenizer.grant;

import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.time.Instant;

/**
 * The grants of all sessions, which are named by their pseudonyms. Every method asks Redis once, and throws {@link CallFailed} with {@link
 * dev.lunasec.contract.ErrorCode#GRANTS_UNAVAILABLE} when there is no answer in time.
 */
public interface Grants {

    /**
     * Sets a grant; an earlier one of the same session and record is replaced.
     *
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#UNKNOWN_TOKEN} when the record is marked as erased
     */
    void set(String session, RecordId record, Grant grant);

    /** Whether there is a grant, for either direction, for a record that is not marked as erased. */
    boolean verify(String session, RecordId record);

    /**
     * Takes one use of a grant that allows reading, in one step: if two callers ask at the same time, only one gets the last use.
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
     * Marks a record as erased: from now on no grant for it is valid on any pod. If several callers mark it, all get the time of the first
     * mark.
     *
     * @param now in whole seconds
     * @param remembered how long Redis keeps the mark
     * @return when it was marked first
     */
    Instant erase(RecordId record, Instant now, Duration remembered);

    /** Checks that grants can be written and read, with a grant of a session that does not exist. */
    void ping();
}
