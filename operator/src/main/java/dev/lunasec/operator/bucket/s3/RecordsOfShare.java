package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.keyring.RecordPresence;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The records in one bucket, by the share that they are sealed with. Each answer comes from a new listing. */
public final class RecordsOfShare {
    /** Counting ends here, because a listing returns at most a thousand names and takes time. */
    private static final int COUNT_LIMIT = 20_000;

    private final @Nullable S3Client s3;
    private final String bucket;

    /** @param s3 null for a store that cannot be asked */
    RecordsOfShare(@Nullable S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** The records of a store that cannot be asked at the moment. */
    public static RecordsOfShare unknown() {
        return new RecordsOfShare(null, "");
    }

    /**
     * Whether the bucket holds any record, and with it something that only the keyring of the vault can open. A bucket that does not
     * exist holds none.
     */
    public RecordPresence any() {
        S3Client store = s3;
        if (store == null) return RecordPresence.UNKNOWN;
        try {
            return store.listObjectsV2(
                                    list -> list.bucket(bucket).prefix(BucketLayout.RECORDS).maxKeys(1))
                            .contents()
                            .isEmpty()
                    ? RecordPresence.NONE
                    : RecordPresence.SOME;
        } catch (S3Exception e) {
            return S3Errors.isNoSuchBucket(e) ? RecordPresence.NONE : RecordPresence.UNKNOWN;
        } catch (SdkException e) {
            return RecordPresence.UNKNOWN;
        }
    }

    /** The highest share number that has records; 0 if the bucket holds none; empty if the store does not tell. */
    public Optional<Integer> highest() {
        S3Client store = s3;
        if (store == null) return Optional.empty();
        try {
            return Optional.of(store
                    .listObjectsV2(list ->
                            list.bucket(bucket).prefix(BucketLayout.RECORDS).delimiter("/"))
                    .commonPrefixes()
                    .stream()
                    .flatMapToInt(folder -> BucketLayout.shareOf(folder.prefix()).stream())
                    .max()
                    .orElse(0));
        } catch (SdkException e) {
            return Optional.empty();
        }
    }

    /** Whether the bucket holds records that are sealed with a share. */
    public RecordPresence left(int share) {
        return count(BucketLayout.records(share), 1)
                .map(count -> count == 0 ? RecordPresence.NONE : RecordPresence.SOME)
                .orElse(RecordPresence.UNKNOWN);
    }

    /** How many records of a share are quarantined, counted up to a thousand; empty if the store does not tell. */
    public Optional<Integer> quarantined(int share) {
        return count(BucketLayout.quarantine(share), 1000);
    }

    /** How many records are sealed with a share, counted up to {@link #COUNT_LIMIT}; 0 if the store does not tell. */
    public int count(int share) {
        return count(BucketLayout.records(share), COUNT_LIMIT).orElse(0);
    }

    private Optional<Integer> count(String prefix, int limit) {
        S3Client store = s3;
        if (store == null) return Optional.empty();
        int count = 0;
        try {
            @Nullable String from = null;
            do {
                String token = from;
                ListObjectsV2Response page = store.listObjectsV2(list -> list.bucket(bucket)
                        .prefix(prefix)
                        .maxKeys(Math.min(limit, 1000))
                        .continuationToken(token));
                count += page.contents().size();
                from = page.nextContinuationToken();
            } while (from != null && count < limit);
        } catch (SdkException e) {
            return Optional.empty();
        }
        return Optional.of(count);
    }
}
