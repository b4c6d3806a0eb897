package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.bucket.BucketContents;
import dev.lunasec.s3.VersionListing;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Lists what a bucket holds at its top, old versions and delete markers included where the store lists them. */
final class BucketListing {
    private final S3Client s3;
    private final String bucket;
    private final VersionListing versions;

    BucketListing(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
        this.versions = new VersionListing(s3, bucket);
    }

    /**
     * What the bucket holds besides the objects of the canary.
     *
     * @param own the vault whose own identity does not count; null for none
     * @throws S3Exception as the store answers
     */
    BucketContents contents(@Nullable VaultId own) {
        Set<String> names = current();
        Set<String> old = new TreeSet<>(versions.names(""));
        if (own != null && !names.contains(BucketLayout.VAULT) && hasOnlyVersionsOf(own))
            old.remove(BucketLayout.VAULT);
        names.addAll(old);
        names.remove(BucketLayout.CANARY);
        if (names.isEmpty()) return BucketContents.EMPTY;
        return names.stream().anyMatch(BucketLayout.FOLDERS::contains) ? BucketContents.VAULT : BucketContents.FOREIGN;
    }

    /**
     * Whether the bucket holds an object outside the folders of a vault, or an old version of one.
     *
     * @throws S3Exception as the store answers
     */
    boolean holdsForeignObjects() {
        return !BucketLayout.FOLDERS.containsAll(current()) || !BucketLayout.FOLDERS.containsAll(versions.names(""));
    }

    private Set<String> current() {
        ListObjectsV2Response top = s3.listObjectsV2(list -> list.bucket(bucket).delimiter("/"));
        Set<String> names = new TreeSet<>();
        top.commonPrefixes().forEach(folder -> names.add(folder.prefix()));
        top.contents().forEach(object -> names.add(object.key()));
        return names;
    }

    private boolean hasOnlyVersionsOf(VaultId own) {
        return versions.page(BucketLayout.VAULT, "").stream()
                .allMatch(version -> version.name().equals(BucketLayout.vault(own)));
    }
}
