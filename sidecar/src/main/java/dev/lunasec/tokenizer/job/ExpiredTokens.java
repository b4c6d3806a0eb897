package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing.Listed;
import dev.lunasec.tokenizer.store.ErasureMarkers;
import dev.lunasec.tokenizer.store.Layout;
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
 * Has tokens erased that expired on an earlier day: writes the erasure marker of each and deletes the value. The sweep
 * that follows deletes the record by the marker. Its cost depends on the tokens that have expired, not on those that
 * will. It may run at any time, twice at the same time, and stop anywhere.
 */
public final class ExpiredTokens {
    private static final Logger log = LoggerFactory.getLogger(ExpiredTokens.class);

    private final Bucket bucket;
    private final Keyring keyring;
    private final ErasureMarkers markers;
    private final StoreRetry retry;
    private final LongAdder marked = new LongAdder();
    private final Remaining remaining = new Remaining();

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
     * Marks the tokens that expired before a day. A value that the store does not delete does not fail the sweep,
     * because a rotation, which needs the sweep, has nothing to do with that value.
     *
     * @return how many expired, have a marker and no value now
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable
     */
    public long mark(LocalDate today) throws InterruptedException {
        int strays = 0;
        try (BoundedParallel marks = new BoundedParallel(BoundedParallel.USUAL)) {
            for (String folder : retry.with(() -> bucket.listing().folders(BucketLayout.EXPIRES))) {
                Optional<LocalDate> day = BucketLayout.dayOf(folder);
                if (day.isEmpty()) strays++;
                else if (day.get().isBefore(today)) mark(folder, day.get(), marks);
            }
        }
        if (strays > 0) log.warn("{} folders in {} are not named after a day", strays, BucketLayout.EXPIRES);
        return marked.sum();
    }

    private void mark(String folder, LocalDate day, BoundedParallel marks) throws InterruptedException {
        String after = "";
        int strays = 0;
        while (true) {
            String last = after;
            List<Listed> page = retry.with(() -> bucket.listing().objects(folder, last));
            if (page.isEmpty()) break;
            List<RecordId> ids = page.stream()
                    .map(listed -> listed.key().substring(folder.length()))
                    .filter(RecordId::isOne)
                    .map(RecordId::new)
                    .toList();
            marks.forEach(ids, id -> {
                if (remaining
                        .past(
                                "the value of the expired record " + id,
                                () -> retry.with(() -> mark(folder + id, id, day)))
                        .orElse(false)) marked.increment();
            });
            strays += page.size() - ids.size();
            after = page.get(page.size() - 1).key();
        }
        if (strays > 0) log.warn("{} objects in {} are not named after a record", strays, folder);
    }

    /**
     * The marker first and the entry last: until the value is deleted, the entry is left for the next sweep. The
     * marker has the sweep delete a value again whose upload was still under way.
     */
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
        bucket.delete(Layout.object(expiry.get().object()));
        bucket.delete(entry);
        return true;
    }

    /** Two sweeps at the same time write the same marker, because it has the time when the token expired. */
    private ErasureClaims claims(Expiry expiry) {
        return new ErasureClaims(keyring.vaultId(), expiry.record(), expiry.object(), expiry.expires(), keyring.live());
    }
}
