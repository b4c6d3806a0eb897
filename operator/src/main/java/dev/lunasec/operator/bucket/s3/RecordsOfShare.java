package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.keyring.RecordPresence;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** What the bucket holds under the prefixes of single shares: each answer is a fresh listing. */
public final class RecordsOfShare {
    /** Nobody counts further: a thousand to a listing, and listings take time. */
    private static final int MOST = 20_000;

    private final @Nullable S3Client s3;
    private final String bucket;

    /** @param s3 null for a store that can't be asked */
    RecordsOfShare(@Nullable S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** Of a store that can't be asked at the moment. */
    public static RecordsOfShare unknown() {
        return new RecordsOfShare(null, "");
    }

    /** The highest number of a share that there are records of, 0 when there are none; empty when nobody can say. */
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

    /** Whether there are records that are sealed with a share. */
    public RecordPresence left(int share) {
        return count(BucketLayout.records(share), 1)
                .map(count -> count == 0 ? RecordPresence.NONE : RecordPresence.SOME)
                .orElse(RecordPresence.UNKNOWN);
    }

    /** How many damaged records of a share were put aside, up to a thousand; empty when nobody can say. */
    public Optional<Integer> quarantined(int share) {
        return count(BucketLayout.quarantine(share), 1000);
    }

    /** How many records are sealed with a share, up to {@link #MOST}; 0 when nobody can say. */
    public int count(int share) {
        return count(BucketLayout.records(share), MOST).orElse(0);
    }

    private Optional<Integer> count(String prefix, int most) {
        S3Client store = s3;
        if (store == null) return Optional.empty();
        int count = 0;
        try {
            @Nullable String from = null;
            do {
                String token = from;
                ListObjectsV2Response page = store.listObjectsV2(list -> list.bucket(bucket)
                        .prefix(prefix)
                        .maxKeys(Math.min(most, 1000))
                        .continuationToken(token));
                count += page.contents().size();
                from = page.nextContinuationToken();
            } while (from != null && count < most);
        } catch (SdkException e) {
            return Optional.empty();
        }
        return Optional.of(count);
    }
}
