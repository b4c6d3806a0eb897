package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.bucket.BucketContents;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Lists what a bucket holds at its top, old versions and delete markers included where the store lists them. */
final class BucketListing {
    private final S3Client s3;
    private final String bucket;

    BucketListing(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * What the bucket holds besides the objects of the canary.
     *
     * @param own the vault whose own identity does not count; null for none
     * @throws S3Exception as the store answers
     */
    BucketContents contents(@Nullable VaultId own) {
        Set<String> names = current();
        Set<String> old = old();
        if (own != null && !names.contains(BucketLayout.VAULT) && hasOnlyVersionsOf(own))
            old.remove(BucketLayout.VAULT);
        names.addAll(old);
        names.remove(BucketLayout.CANARY);
        if (names.isEmpty()) return BucketContents.EMPTY;
        return names.stream().anyMatch(BucketLayout.FOLDERS::contains) ? BucketContents.VAULT : BucketContents.FOREIGN;
    }

    /**
     * Whether the bucket holds an object outside the folders of a vault.
     *
     * @throws S3Exception as the store answers
     */
    boolean holdsForeignObjects() {
        return !BucketLayout.FOLDERS.containsAll(current());
    }

    private Set<String> current() {
        ListObjectsV2Response top = s3.listObjectsV2(list -> list.bucket(bucket).delimiter("/"));
        Set<String> names = new TreeSet<>();
        top.commonPrefixes().forEach(folder -> names.add(folder.prefix()));
        top.contents().forEach(object -> names.add(object.key()));
        return names;
    }

    private Set<String> old() {
        Set<String> names = new TreeSet<>();
        try {
            ListObjectVersionsResponse top =
                    s3.listObjectVersions(list -> list.bucket(bucket).delimiter("/"));
            top.commonPrefixes().forEach(folder -> names.add(folder.prefix()));
            top.versions().forEach(version -> names.add(version.key()));
            top.deleteMarkers().forEach(marker -> names.add(marker.key()));
        } catch (S3Exception e) {
            if (!S3Errors.isUnsupported(e)) throw e;
        }
        return names;
    }

    private boolean hasOnlyVersionsOf(VaultId own) {
        String name = BucketLayout.vault(own);
        try {
            ListObjectVersionsResponse versions =
                    s3.listObjectVersions(list -> list.bucket(bucket).prefix(BucketLayout.VAULT));
            return versions.versions().stream()
                            .allMatch(version -> version.key().equals(name))
                    && versions.deleteMarkers().stream()
                            .allMatch(marker -> marker.key().equals(name));
        } catch (S3Exception e) {
            if (!S3Errors.isUnsupported(e)) throw e;
            return true;
        }
    }
}
