package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Listed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Ends the uploads in parts that no caller has completed in time. A record that waits for its value is not the only key
 * of a value, because the value of its token was never stored. So its age alone is enough to delete it.
 */
public final class AbandonedUploads {
    /**
     * The result.
     *
     * @param aborted how many uploads the store had
     * @param records how many records waited for a value
     */
    public record Done(int aborted, long records) {}

    private final Bucket bucket;
    private final StoreRetry retry;
    private final Remaining remaining = new Remaining();

    public AbandonedUploads(Bucket bucket, StoreRetry retry) {
        this.bucket = bucket;
        this.retry = retry;
    }

    /**
     * Ends the uploads of an age.
     *
     * @param age of the uploads, by the store's clock
     * @param before when the records were written, by the same clock; the age is counted back from now
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable; at the end, {@link
     *     ErrorCode#ERASURE_INCOMPLETE} when it did not delete a record
     */
    public Done end(Duration age, Instant before) throws InterruptedException {
        int aborted = retry.with(() -> bucket.uploads().abortOlder(age));
        long records = 0;
        try (BoundedParallel deletions = new BoundedParallel(BoundedParallel.USUAL)) {
            for (String folder : retry.with(() -> bucket.listing().folders(BucketLayout.UPLOADS))) {
                records += deleteRecords(folder, before, deletions);
            }
        }
        remaining.requireNone();
        return new Done(aborted, records);
    }

    private long deleteRecords(String folder, Instant before, BoundedParallel deletions) throws InterruptedException {
        long deleted = 0;
        List<Listed> page = page(folder, "");
        while (!page.isEmpty()) {
            List<Listed> old = page.stream()
                    .filter(waiting -> waiting.lastModified().isBefore(before))
                    .toList();
            deletions.forEach(old, waiting -> {
                var unused = remaining.past(waiting.key(), () -> {
                    retry.run(() -> bucket.delete(waiting.key()));
                    return true;
                });
            });
            deleted += old.size();
            page = page(folder, page.get(page.size() - 1).key());
        }
        return deleted;
    }

    private List<Listed> page(String folder, String after) throws InterruptedException {
        return retry.with(() -> bucket.listing().objects(folder, after));
    }
}
