package dev.lunasec.tokenizer.grant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A use that was taken of a grant.
 *
 * @param left how long a URL for this use may be valid
 * @param copy the copy of the sealed record in Redis, which may be anything if another program wrote it; null if there
 *     is none, or if it was not asked for
 */
public record GrantUse(Duration left, @Nullable String copy) {

    /** Without the copy. */
    @Override
    public String toString() {
        return "GrantUse[" + left + "]";
    }
}
