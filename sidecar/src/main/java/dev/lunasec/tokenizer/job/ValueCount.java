package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Listed;
import dev.lunasec.tokenizer.token.ObjectName;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Compares how many records and how many values a bucket holds. A token whose value was never uploaded has a record and
 * no value. The vault never deletes such a record, because a bucket that is being restored looks the same, and the
 * record has the only copy of the data key.
 */
public final class ValueCount {
    /**
     * The result.
     *
     * @param records also quarantined ones
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
     * Counts the values. The names of values do not follow from the ids of their records, so this takes a listing after
     * the sweep.
     *
     * @param records how many the sweep has left
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE} when
     *     the store stays unavailable
     */
    public Result count(long records) throws InterruptedException {
        LongAdder values = new LongAdder();
        Digits.forEach(digit -> values.add(values(digit)));
        return new Result(records, values.sum());
    }

    private long values(String digit) throws InterruptedException {
        long count = 0;
        List<Listed> page = page(digit, "");
        while (!page.isEmpty()) {
            count += page.stream().filter(ValueCount::isValue).count();
            page = page(digit, page.get(page.size() - 1).key());
        }
        return count;
    }

    private static boolean isValue(Listed object) {
        return ObjectName.isOne(object.key().substring(BucketLayout.OBJECTS.length()));
    }

    private List<Listed> page(String digit, String after) throws InterruptedException {
        return retry.with(() -> bucket.listing().objects(BucketLayout.OBJECTS + digit, after));
    }
}
