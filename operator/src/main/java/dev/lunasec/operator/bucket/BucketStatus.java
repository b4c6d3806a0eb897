package dev.lunasec.operator.bucket;

import dev.lunasec.s3.StoreStatus;
import java.util.List;

/**
 * Whether a vault can use its bucket.
 *
 * @param reason reason of the condition, in PascalCase
 * @param message one sentence that says what to do
 * @param settings the result of each setting; empty if the operator did not get as far as the settings
 */
public record BucketStatus(boolean ready, String reason, String message, List<SettingResult> settings) {

    /** This status, with a further sentence if the bucket is usable and there is one. */
    public BucketStatus noting(String sentence) {
        return ready && !sentence.isEmpty() ? new BucketStatus(true, reason, message + " " + sentence, settings) : this;
    }

    /** The status that follows from a run of the canary. */
    public static BucketStatus of(StoreStatus store, List<SettingResult> settings) {
        return new BucketStatus(store == StoreStatus.Ready, store.name(), store.message(), settings);
    }
}
