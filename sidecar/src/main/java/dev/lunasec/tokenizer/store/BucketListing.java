package dev.lunasec.tokenizer.store;

import static dev.lunasec.tokenizer.store.StoreAnswers.ask;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.ListingClient;
import dev.lunasec.s3.VersionListing;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Lists what a bucket holds, for maintenance Jobs: a page may take as long as {@link ListingClient} waits. Every method
 * throws {@link CallFailed} with {@link ErrorCode#STORAGE_UNAVAILABLE} when the store gives no answer in time, or
 * another one than it should.
 */
public final class BucketListing {
    /** An object of a listing. */
    public record Listed(String key, Instant lastModified) {}

    /**
     * A name of which any version is there.
     *
     * @param visible whether {@link #objects} lists it too; if not, a delete marker hides its versions
     */
    public record Name(String key, boolean visible) {}

    private final S3Client s3;
    private final String bucket;
    private final VersionListing versions;

    BucketListing(S3Client s3, String bucket) {
        this.s3 = new ListingClient(s3);
        this.bucket = bucket;
        this.versions = new VersionListing(this.s3, bucket);
    }

    /**
     * The next objects of a prefix, in the order of their keys: up to a thousand, none when there are no more.
     *
     * @param after the last key of the page before, the empty text for the first page
     */
    public List<Listed> objects(String prefix, String after) {
        return ask(() -> s3
                .listObjectsV2(list -> list.bucket(bucket).prefix(prefix).startAfter(after.isEmpty() ? null : after))
                .contents()
                .stream()
                .map(object -> new Listed(object.key(), object.lastModified()))
                .toList());
    }

    /** The next versions of all objects of a prefix; see {@link VersionListing#page(String, String)}. */
    public List<Version> versions(String prefix, String after) {
        return ask(() -> versions.page(prefix, after));
    }

    /** The next names of a prefix of which any version is there, in order; see {@link #versions}. */
    public List<Name> names(String prefix, String after) {
        Map<String, Boolean> visible = new LinkedHashMap<>();
        for (Version version : versions(prefix, after)) {
            visible.merge(version.name(), version.latest() && !version.deleteMarker(), Boolean::logicalOr);
        }
        return visible.entrySet().stream()
                .map(name -> new Name(name.getKey(), name.getValue()))
                .toList();
    }

    /**
     * The folders in a folder, also those with old versions alone; each begins with the folder's name and ends in a
     * slash, as that does.
     */
    public List<String> folders(String folder) {
        return ask(() -> versions.folders(folder));
    }
}
