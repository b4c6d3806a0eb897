package dev.lunasec.tokenizer.token;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What the sweep must know of a token that expires, because it does not have the token.
 *
 * @param record of the token
 * @param object of the token
 * @param expires in whole seconds
 */
public record Expiry(RecordId record, ObjectName object, Instant expires) {

    /** The day on which the token expires, in UTC. */
    public LocalDate day() {
        return LocalDate.ofInstant(expires, ZoneOffset.UTC);
    }
}
