package dev.lunasec.operator.bucket.s3;

import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Empties a bucket and deletes it, one object after the other: the request that deletes many wants a checksum that several stores do not
 * know.
 */
final class BucketDeletion {
    /** How long one call may take, so that a large bucket does not hold up the other vaults. */
    private static final Duration BUDGET = Duration.ofSeconds(15);

    private final S3Client s3;
    private final String bucket;
    private final long end = System.nanoTime() + BUDGET.toNanos();

    BucketDeletion(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** Whether all is gone. */
    boolean run() {
        if (!objectsAreGone()) return false;
        uploads()
                .forEach(upload -> s3.abortMultipartUpload(
                        abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
        s3.deleteBucket(delete -> delete.bucket(bucket));
        return true;
    }

    /** Always from the beginning of the list, for what was seen is gone. */
    private boolean objectsAreGone() {
        while (true) {
            List<S3Object> page = s3.listObjectsV2(list -> list.bucket(bucket)).contents();
            if (page.isEmpty()) return true;
            for (S3Object object : page) {
                if (System.nanoTime() > end) return false;
                s3.deleteObject(delete -> delete.bucket(bucket).key(object.key()));
            }
        }
    }

    private List<MultipartUpload> uploads() {
        try {
            return s3.listMultipartUploads(list -> list.bucket(bucket)).uploads();
        } catch (S3Exception e) {
            if (S3Settings.isUnsupported(e)) return List.of();
            throw e;
        }
    }
}
