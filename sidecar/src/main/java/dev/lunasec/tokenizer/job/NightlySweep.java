package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.token.Keyring;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * All that a night deletes: the tokens that expired, what erasures left behind, and the uploads that were left alone.
 * An object that the store does not delete keeps no later step from its work. In the end, it counts what is left.
 */
public final class NightlySweep {
    /** The results of the steps. */
    public record Done(long expired, Sweep.Done swept, AbandonedUploads.Done uploads, ValueCount.Result count) {}

    private final Bucket bucket;
    private final Keyring keyring;
    private final StoreRetry retry;

    public NightlySweep(Bucket bucket, Keyring keyring, StoreRetry retry) {
        this.bucket = bucket;
        this.keyring = keyring;
        this.retry = retry;
    }

    /**
     * Does all steps.
     *
     * @param today tokens that expired before this day are deleted; empty if the day is not known, then none are
     * @param longestUpload older uploads are aborted, by the store's clock
     * @param young an upload that began before this time has ended, by the same clock
     * @throws CallFailed {@link ErrorCode#ERASURE_INCOMPLETE} after all steps, when a record remains; {@link
     *     ErrorCode#STORAGE_UNAVAILABLE} at once, when the store stays unavailable
     */
    public Done run(Optional<LocalDate> today, Duration longestUpload, Instant young) throws InterruptedException {
        long expired = today.isEmpty() ? 0 : new ExpiredTokens(bucket, keyring, retry).mark(today.get());
        Remaining remaining = new Remaining();
        Optional<Sweep.Done> swept = remaining.past(() -> new Sweep(bucket, keyring, young, retry).runAndCount());
        Optional<AbandonedUploads.Done> uploads =
                remaining.past(() -> new AbandonedUploads(bucket, retry).end(longestUpload, young));
        remaining.requireNone();
        long records = swept.orElseThrow().left().orElseThrow();
        ValueCount.Result count = new ValueCount(bucket, retry).count(records);
        return new Done(expired, swept.orElseThrow(), uploads.orElseThrow(), count);
    }
}
