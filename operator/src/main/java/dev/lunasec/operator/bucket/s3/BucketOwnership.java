package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.Setting;
import dev.lunasec.operator.bucket.StorageFailed;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Whether a bucket belongs to the vault: its owner tag decides, and on a store without tags the objects in it. */
final class BucketOwnership {
    /** The bucket belongs to somebody else, or does not let this vault in. */
    static final BucketStatus NOT_OWNED = new BucketStatus(
            false,
            "BucketNotOwned",
            "The bucket belongs to another account or vault, or denies access to this one. Choose another storage.bucket.",
            List.of());

    private static final BucketStatus FOREIGN_OBJECTS = new BucketStatus(
            false,
            "BucketNotOwned",
            "The bucket holds objects that no vault has written. If this vault is to use it anyway, set storage.provisioning to Adopt.",
            List.of());

    private final S3Client s3;
    private final BucketSpec spec;

    BucketOwnership(S3Client s3, BucketSpec spec) {
        this.s3 = s3;
        this.spec = spec;
    }

    /** Why the vault must not use the bucket; empty if it may. */
    Optional<BucketStatus> conflict() {
        String owner = new OwnerTag(s3, spec).value();
        if (!owner.isEmpty()) return owner.equals(spec.owner()) ? Optional.empty() : Optional.of(NOT_OWNED);
        return spec.provisioning() == Provisioning.CREATE && holdsForeignObjects()
                ? Optional.of(FOREIGN_OBJECTS)
                : Optional.empty();
    }

    /**
     * Lets only a bucket pass that belongs to the vault. If ownership cannot be proven, the bucket is treated as someone else's.
     *
     * @throws StorageFailed if the bucket must not be deleted
     */
    void requireForDeletion() throws StorageFailed {
        if (spec.provisioning() == Provisioning.VERIFY) {
            throw new StorageFailed("With storage.provisioning Verify the operator does not delete the bucket."
                    + " Delete it yourself, or set storage.provisioning to Adopt.");
        }
        switch (new S3Settings(s3, spec).observe(Setting.OWNER_TAG)) {
            case MATCHES -> {}
            case DIFFERS ->
                throw new StorageFailed("The bucket is not tagged as this vault's, so it may belong to someone else."
                        + " If it is to be deleted, tag it with " + OwnerTag.KEY + "=" + spec.owner() + ".");
            case DENIED ->
                throw new StorageFailed("The account may not read the tags of the bucket, so its owner is unknown."
                        + " If it is to be deleted, allow s3:GetBucketTagging.");
            case UNSUPPORTED -> {
                if (holdsForeignObjects()) {
                    throw new StorageFailed(
                            "The store does not support tags, and the bucket holds objects that no vault"
                                    + " has written. If it is to be deleted, remove those objects.");
                }
            }
        }
    }

    private boolean holdsForeignObjects() {
        ListObjectsV2Response top =
                s3.listObjectsV2(list -> list.bucket(spec.bucket()).delimiter("/"));
        return !top.contents().isEmpty()
                || top.commonPrefixes().stream().anyMatch(prefix -> !BucketLayout.FOLDERS.contains(prefix.prefix()));
    }
}
