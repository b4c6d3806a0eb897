package dev.lunasec.tokenizer.vault;

import java.time.Duration;

/**
 * How much and how long.
 *
 * @param maximumObjectSize in bytes
 * @param requireSize whether tokenize must be told the size
 * @param urlLifetime of a signed URL, at most
 * @param defaultGrant how long a grant lasts whose maker does not say
 * @param maximumGrant how long a grant may last
 */
public record Limits(
        long maximumObjectSize,
        boolean requireSize,
        Duration urlLifetime,
        Duration defaultGrant,
        Duration maximumGrant) {

    /** The largest metadata of a record, in bytes of JSON. */
    public static final int METADATA = 16 << 10;
}
