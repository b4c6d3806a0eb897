package dev.lunasec.operator.bucket.s3;

import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One setting of one bucket, over the S3 API. Each method throws {@link S3Exception} as the store answers. An
 * implementation keeps what others have set beside it. It never deletes a setting, because two stores then delete the
 * bucket.
 */
interface S3Setting {
    /** Whether the vault needs this setting at all. */
    default boolean isNeeded() {
        return true;
    }

    /** Whether the setting has the value that the vault needs. */
    boolean matches();

    /** Writes the value that the vault needs. */
    void apply();

    /** Replaces the value that {@link #apply} wrote by one that has no effect. */
    void revert();
}
