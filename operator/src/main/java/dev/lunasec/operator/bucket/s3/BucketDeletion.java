package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.s3.NameDeletion;
import dev.lunasec.s3.NameRemains;
import dev.lunasec.s3.VersionListing;
import dev.lunasec.s3.VersionListing.Version;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Empties and deletes a bucket that belongs to the vault. It deletes one object per request, because the request that deletes many needs
 * a checksum that several stores do not know.
 */
final class BucketDeletion {
    /** How long one call may take, so that a large bucket does not delay the other vaults. */
    private static final Duration BUDGET = Duration.ofSeconds(15);

    private final S3Client s3;
    private final BucketSpec spec;
    private final long end = System.nanoTime() + BUDGET.toNanos();

    BucketDeletion(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.spec = spec;
    }

    /**
     * Deletes as much as is possible in {@link #BUDGET}.
     *
     * @return whether bucket and content are gone; if not, another call continues
     * @throws StorageFailed if the store cannot be asked, or the bucket may belong to someone else
     */
    boolean run() throws StorageFailed {
        try {
            new BucketOwnership(s3, spec).requireForDeletion();
            if (!deleteObjects()) return false;
            uploads()
                    .forEach(upload -> s3.abortMultipartUpload(abort ->
                            abort.bucket(spec.bucket()).key(upload.key()).uploadId(upload.uploadId())));
            s3.deleteBucket(delete -> delete.bucket(spec.bucket()));
            return true;
        } catch (S3Exception e) {
            if (S3Errors.isNoSuchBucket(e)) return true;
            throw new StorageFailed("The store answers " + S3Errors.code(e) + ".", e);
        } catch (NameRemains e) {
            throw new StorageFailed(String.valueOf(e.getMessage()), e);
        } catch (SdkException e) {
            throw new StorageFailed("The store does not answer.", e);
        }
    }

    /** Lists the first page again and again, because each page is deleted before the next listing. */
    private boolean deleteObjects() throws NameRemains {
        NameDeletion deletion = new NameDeletion(s3, spec.bucket());
        while (true) {
            List<Version> page = new VersionListing(s3, spec.bucket()).page("", "");
            if (page.isEmpty()) return true;
            for (Version version : page) {
                if (System.nanoTime() > end) return false;
                deletion.deleteVersion(version.name(), version.id());
            }
        }
    }

    private List<MultipartUpload> uploads() {
        try {
            return s3.listMultipartUploads(list -> list.bucket(spec.bucket())).uploads();
        } catch (S3Exception e) {
            if (S3Errors.isUnsupported(e)) return List.of();
            throw e;
        }
    }
}
