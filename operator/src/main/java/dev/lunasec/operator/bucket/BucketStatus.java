package dev.lunasec.operator.bucket;

import dev.lunasec.s3.StoreStatus;
import java.util.List;

/**
 * How the bucket is.
 *
 * @param ready whether the vault can work with it
 * @param reason a name in Pascal case
 * @param message one sentence that says what to do
 * @param settings how each setting went; empty when none was looked at
 */
public record BucketStatus(boolean ready, String reason, String message, List<SettingResult> settings) {

    public static BucketStatus of(StoreStatus finding, List<SettingResult> settings) {
        return new BucketStatus(finding == StoreStatus.Ready, finding.name(), finding.message(), settings);
    }
}
