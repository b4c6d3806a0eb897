package dev.lunasec.operator.bucket;

import dev.lunasec.s3.StoreStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a vault can use its bucket.
 *
 * @param reason reason of the condition, in PascalCase
 * @param message one sentence that says what to do
 * @param settings the result of each setting; empty if the operator did not get as far as the settings
 * @param bindingDue when the operator may bind the vault to the bucket, from now on: zero for at once; null if it may
 *     not
 */
public record BucketStatus(
        boolean ready,
        String reason,
        String message,
        List<SettingResult> settings,
        @Nullable Duration bindingDue) {
    /** The reason while the operator binds a new vault to its bucket, which needs no person. */
    public static final String BINDING = "Binding";

    /** A status of a bucket that the operator does not bind the vault to in this pass. */
    public BucketStatus(boolean ready, String reason, String message, List<SettingResult> settings) {
        this(ready, reason, message, settings, null);
    }

    /** The status of a bucket that the vault cannot use. */
    public static BucketStatus no(String reason, String message) {
        return new BucketStatus(false, reason, message, List.of());
    }

    /** The status of a bucket that holds the identity of the vault, while the keyring does not pin the bucket yet. */
    public static BucketStatus binding(Duration due) {
        return new BucketStatus(
                false,
                BINDING,
                "The operator wrote the identity of the vault into the bucket, and binds the vault to it in a moment.",
                List.of(),
                due);
    }

    /** Whether the bucket is not usable because of what it holds. */
    public boolean isAboutContents() {
        return equals(BucketRefusals.NOT_EMPTY) || equals(BucketRefusals.KEYRING_MISSING);
    }

    /** Whether the bucket is another vault's, or not the one that the keyring pins. */
    public boolean isWrongBucket() {
        return reason.equals(BucketRefusals.WRONG_BUCKET);
    }

    /** This status, with a further sentence if the bucket is usable and there is one. */
    public BucketStatus noting(String sentence) {
        return ready && !sentence.isEmpty() ? new BucketStatus(true, reason, message + " " + sentence, settings) : this;
    }

    /** The status that follows from a run of the canary. */
    public static BucketStatus of(StoreStatus store, List<SettingResult> settings) {
        return new BucketStatus(store == StoreStatus.Ready, store.name(), store.message(), settings);
    }
}
