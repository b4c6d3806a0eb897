package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Listed;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares how many records and how many values a bucket holds. A token whose value was never uploaded has a record and
 * no value. The vault never deletes such a record, because a bucket that is being restored looks the same, and the
 * record has the only copy of the data key.
 */
public final class ValueCount {
    /**
     * The result.
     *
     * @param records also quarantined ones; a record that is moved meanwhile may count twice
     * @param values objects, also those that a rekey left behind when it was killed
     */
    public record Result(long records, long values) {
        /**
         * How many tokens seem to have no value, at least 0: an estimate, because nobody without the tokens can tell
         * which ones.
         */
        public long withoutValue() {
            return Math.max(0, records - values);
        }
    }

    private final Bucket bucket;
    private final StoreRetry retry;

    public ValueCount(Bucket bucket, StoreRetry retry) {
        this.bucket = bucket;
        this.retry = retry;
    }

    /**
     * Counts.
     *
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE} when
     *     the store stays unavailable
     */
    public Result count() throws InterruptedException {
        List<String> folders = new ArrayList<>(retry.with(() -> bucket.listing().folders(BucketLayout.RECORDS)));
        folders.addAll(retry.with(() -> bucket.listing().folders(BucketLayout.QUARANTINE)));
        long records = 0;
        for (String folder : folders) records += count(folder);
        return new Result(records, count(BucketLayout.OBJECTS));
    }

    private long count(String folder) throws InterruptedException {
        long count = 0;
        List<Listed> page = page(folder, "");
        while (!page.isEmpty()) {
            count += page.size();
            page = page(folder, page.get(page.size() - 1).key());
        }
        return count;
    }

    private List<Listed> page(String folder, String after) throws InterruptedException {
        return retry.with(() -> bucket.listing().objects(folder, after));
    }
}
