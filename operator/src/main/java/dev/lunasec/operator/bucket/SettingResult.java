package dev.lunasec.operator.bucket;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The result of one setting of the bucket, as the status reports it.
 *
 * @param name title of the {@link Setting}
 * @param message one sentence; empty if there is nothing to say
 * @param tried when the operator wrote the setting in vain; null if it did not
 */
public record SettingResult(
        String name,
        Result result,
        String message,
        @Nullable Instant tried) {
    /** The possible results. */
    public enum Result {
        /** The operator has changed the setting to the value that the vault needs. */
        APPLIED,
        /** The setting had the right value already. */
        UNCHANGED,
        /** The store does not know the setting, or stopped working with it. */
        UNSUPPORTED,
        /** The account is not allowed to change the setting, or the resource forbids it. */
        DENIED
    }
}
