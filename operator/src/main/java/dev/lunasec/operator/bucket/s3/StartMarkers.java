package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.VaultId;
import dev.lunasec.s3.NameDeletion;
import dev.lunasec.s3.NameRemains;
import dev.lunasec.s3.VersionListing;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * The start markers of the shares of a vault. The operator puts those of a share before the first record is sealed with
 * it. So a store that holds all records of the share lists them too, and a store that does not list them proves nothing
 * by an empty listing: a proxy or a policy hides the folder, or the store is a replica without the older objects.
 *
 * <p>Every method throws {@link SdkException} if the store gives no answer or refuses one.
 */
final class StartMarkers {
    private static final Logger log = LoggerFactory.getLogger(StartMarkers.class);

    private final S3Client s3;
    private final String bucket;
    private final VaultId vault;
    private final VersionListing versions;

    StartMarkers(S3Client s3, String bucket, VaultId vault) {
        this.s3 = s3;
        this.bucket = bucket;
        this.vault = vault;
        this.versions = new VersionListing(s3, bucket);
    }

    /** Whether the store lists all start markers of a share. */
    boolean areListed(int share) {
        return names(share).stream().allMatch(this::isListed);
    }

    /** Puts the start markers of a share that the bucket does not hold, whether the store lists them or not. */
    void put(int share) {
        for (String name : names(share)) {
            if (exists(name)) continue;
            s3.putObject(
                    put -> put.bucket(bucket).key(name).contentType("text/plain"), RequestBody.fromString("start"));
            log.info("bucket {}: the start marker {} is put", bucket, name);
        }
    }

    /** Deletes the start markers of a share with all versions. */
    void delete(int share) throws NameRemains {
        NameDeletion deletion = new NameDeletion(s3, bucket);
        for (String name : names(share)) deletion.delete(name);
    }

    private List<String> names(int share) {
        return BucketLayout.startMarkers(vault, share);
    }

    private boolean exists(String name) {
        try {
            s3.headObject(head -> head.bucket(bucket).key(name));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    private boolean isListed(String name) {
        return versions.page(name, "").stream()
                .anyMatch(version -> version.name().equals(name) && !version.deleteMarker());
    }
}
