package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Listed;
import dev.lunasec.tokenizer.store.ErasureMarkers;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.Expiry;
import dev.lunasec.tokenizer.token.ExpiryEntry;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has tokens erased that expired on an earlier day: writes the erasure marker of each, so that the sweep that follows
 * deletes record and value. Its cost depends on the tokens that have expired, not on those that will. It may run at any
 * time, twice at the same time, and stop anywhere.
 */
public final class ExpiredTokens {
    private static final Logger log = LoggerFactory.getLogger(ExpiredTokens.class);

    private final Bucket bucket;
    private final Keyring keyring;
    private final ErasureMarkers markers;
    private final StoreRetry retry;
    private final LongAdder marked = new LongAdder();

    public ExpiredTokens(Bucket bucket, Keyring keyring, StoreRetry retry) {
        this.bucket = bucket;
        this.keyring = keyring;
        this.markers = new S3ErasureMarkers(bucket, keyring);
        this.retry = retry;
    }

    /** The day in UTC that has begun by both clocks, so that one wrong clock deletes nothing too early. */
    public static LocalDate today(Instant store, Instant own) {
        return LocalDate.ofInstant(store.isBefore(own) ? store : own, ZoneOffset.UTC);
    }

    /**
     * Marks the tokens that expired before a day.
     *
     * @return how many expired and have a marker now
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable
     */
    public long mark(LocalDate today) throws InterruptedException {
        try (BoundedParallel marks = new BoundedParallel(BoundedParallel.USUAL)) {
            for (String folder : retry.with(() -> bucket.listing().folders(BucketLayout.EXPIRES))) {
                Optional<LocalDate> day = BucketLayout.dayOf(folder);
                if (day.isPresent() && day.get().isBefore(today)) mark(folder, day.get(), marks);
            }
        }
        return marked.sum();
    }

    private void mark(String folder, LocalDate day, BoundedParallel marks) throws InterruptedException {
        String after = "";
        while (true) {
            String last = after;
            List<Listed> page = retry.with(() -> bucket.listing().objects(folder, last));
            if (page.isEmpty()) return;
            List<RecordId> ids = page.stream()
                    .map(listed -> listed.key().substring(folder.length()))
                    .filter(RecordId::isOne)
                    .map(RecordId::new)
                    .toList();
            marks.forEach(ids, id -> {
                if (retry.with(() -> mark(folder + id, id, day))) marked.increment();
            });
            after = page.get(page.size() - 1).key();
        }
    }

    /** The marker first, so that a stop in between leaves the entry for the next sweep. */
    private boolean mark(String entry, RecordId id, LocalDate day) {
        Optional<byte[]> content = bucket.get(entry);
        if (content.isEmpty()) return false;
        Optional<Expiry> expiry = ExpiryEntry.read(content.get(), id, keyring)
                .filter(read -> read.day().equals(day));
        if (expiry.isEmpty()) {
            log.warn("this vault did not write the expiry entry of the record {}, so the record stays", id);
            return false;
        }
        if (markers.find(id).isEmpty()) markers.put(claims(expiry.get()));
        bucket.delete(entry);
        return true;
    }

    /** Two sweeps at the same time write the same marker, because it has the time when the token expired. */
    private ErasureClaims claims(Expiry expiry) {
        return new ErasureClaims(keyring.vaultId(), expiry.record(), expiry.object(), expiry.expires(), keyring.live());
    }
}
