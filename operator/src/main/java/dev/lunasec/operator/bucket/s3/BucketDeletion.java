package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
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
 * Empties and deletes a bucket that belongs to the vault. It deletes one object per request, because the request that
 * deletes many needs a checksum that several stores do not know.
 */
final class BucketDeletion {
    /** How long one call may take, so that a large bucket does not delay the other vaults. */
    private static final Duration BUDGET = Duration.ofSeconds(15);
    /** What is deleted before the identity. */
    private static final List<String> FOLDERS = BucketLayout.FOLDERS.stream()
            .filter(folder -> !folder.equals(BucketLayout.VAULT))
            .sorted()
            .toList();

    private final S3Client s3;
    private final BucketSpec spec;
    private final BucketClaim claim;
    private final long end = System.nanoTime() + BUDGET.toNanos();

    BucketDeletion(S3Client s3, BucketSpec spec, BucketClaim claim) {
        this.s3 = s3;
        this.spec = spec;
        this.claim = claim;
    }

    /**
     * Lets only a bucket pass that is proven to be the vault's and holds no object of others.
     *
     * @throws StorageFailed if that is not proven
     */
    void require() throws StorageFailed {
        try {
            requireThatItMayBeDeleted();
            new BucketIdentity(s3, spec.bucket(), claim).requireProven();
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    /**
     * Deletes as much as is possible in {@link #BUDGET}. The keyring says that the deletion began, so a bucket that
     * does not exist was deleted by an earlier call.
     *
     * @return whether bucket and content are gone; if not, another call continues
     * @throws StorageFailed if the store cannot be asked, or the bucket may belong to someone else
     */
    boolean run() throws StorageFailed {
        try {
            requireThatItMayBeDeleted();
            BucketIdentity identity = new BucketIdentity(s3, spec.bucket(), claim);
            // The identity is the last object to go, so an empty bucket without it is the vault's too.
            if (!identity.isGoneWithEverything()) identity.requireProven();
            for (String folder : FOLDERS) if (!deleteObjects(folder)) return false;
            uploads()
                    .forEach(upload -> s3.abortMultipartUpload(abort ->
                            abort.bucket(spec.bucket()).key(upload.key()).uploadId(upload.uploadId())));
            if (!deleteObjects(BucketLayout.VAULT)) return false;
            s3.deleteBucket(delete -> delete.bucket(spec.bucket()));
            return true;
        } catch (S3Exception e) {
            if (S3Errors.isNoSuchBucket(e)) return true;
            throw failed(e);
        } catch (NameRemains e) {
            throw new StorageFailed(String.valueOf(e.getMessage()), e);
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    private void requireThatItMayBeDeleted() throws StorageFailed {
        if (!claim.isPinnedHere()) {
            throw new StorageFailed("WrongBucket: the keyring does not pin the location that spec.storage names, so the"
                    + " bucket is not proven to be this vault's. Restore spec.storage.");
        }
        if (spec.provisioning() == Provisioning.VERIFY) {
            throw new StorageFailed("With storage.provisioning Verify the operator does not delete the bucket."
                    + " Delete it yourself, or set storage.provisioning to Adopt.");
        }
        if (new BucketListing(s3, spec.bucket()).holdsForeignObjects()) {
            throw new StorageFailed(
                    "The bucket holds objects that no vault has written, so the operator deletes nothing."
                            + " If the bucket is to be deleted, remove those objects and their old versions.");
        }
    }

    private static StorageFailed failed(SdkException e) {
        return e instanceof S3Exception answer
                ? new StorageFailed("The store answers " + S3Errors.code(answer) + ".", e)
                : new StorageFailed("The store does not answer.", e);
    }

    /** Lists the first page again and again, because each page is deleted before the next listing. */
    private boolean deleteObjects(String folder) throws NameRemains, StorageFailed {
        NameDeletion deletion = new NameDeletion(s3, spec.bucket());
        List<Version> before = List.of();
        while (true) {
            List<Version> page = new VersionListing(s3, spec.bucket()).page(folder, "");
            if (page.isEmpty()) return true;
            if (page.equals(before))
                throw new StorageFailed("The store still lists versions of objects that it was asked to delete.");
            before = page;
            for (Version version : page) {
                if (System.nanoTime() > end) return false;
                deletion.delete(version);
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
