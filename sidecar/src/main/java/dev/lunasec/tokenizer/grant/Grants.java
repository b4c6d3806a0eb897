package dev.lunasec.tokenizer.grant;

import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;

/**
 * The grants of all sessions. A session comes as its pseudonym. Every method asks Redis once, and throws {@link Failed} with {@link
 * dev.lunasec.tokenizer.failure.Failure#GRANTS_UNAVAILABLE} when there is no answer in time.
 */
public interface Grants {

    /** Gives a grant; an earlier one of the same session and record is replaced. */
    void set(String session, RecordId record, Grant grant);

    /** Whether there is a grant, for either direction. */
    boolean verify(String session, RecordId record);

    /**
     * Takes one use of a grant that allows reading, in one step: of two callers at the same time one gets the last use.
     *
     * @return how long the grant still lasts
     * @throws Failed {@link dev.lunasec.tokenizer.failure.Failure#NO_GRANT} when there is none
     */
    Duration use(String session, RecordId record);

    /**
     * Checks for a grant that allows reading, and takes no use.
     *
     * @throws Failed {@link dev.lunasec.tokenizer.failure.Failure#NO_GRANT} when there is none
     */
    void check(String session, RecordId record);

    /** Finds out whether grants can be written and read at all, with one that is nobody's. */
    void ping();
}
