package dev.lunasec.tokenizer.job;

import dev.failsafe.RateLimiter;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the records of an old share to the primary one: all of them, or those whose id begins with one of the hex digits of this worker. It
 * keeps no state: the records that are still under the old share are what is left to do.
 */
public final class Rewrap {
    private static final Logger log = LoggerFactory.getLogger(Rewrap.class);

    /**
     * The result.
     *
     * @param quarantined records that are unreadable, and objects that are no records
     */
    public record Done(long moved, long quarantined, Duration took) {}

    /** After the first pass, only records that could not be deleted or that a pod has just written are left. */
    private static final int PASSES = 100;

    private final Bucket bucket;
    private final RewrapEnvironment task;
    private final String folder;
    private final RecordMove move;
    private final @Nullable RateLimiter<Object> limiter;
    private final StoreRetry retry;
    private final LongAdder moved = new LongAdder();
    private final LongAdder quarantined = new LongAdder();

    /**
     * The rewrap of one worker.
     *
     * @throws InvalidSettings when this keyring can't move the records of that share; then nothing is changed
     */
    public Rewrap(Bucket bucket, Keyring keyring, RewrapEnvironment task, StoreRetry retry) {
        checkShare(keyring, task.share());
        this.bucket = bucket;
        this.task = task;
        this.folder = BucketLayout.records(task.share());
        this.move = new RecordMove(bucket, keyring, task.share());
        this.limiter = limiter(task.rate());
        this.retry = retry;
    }

    /**
     * Moves records until none is left.
     *
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable, or when new records keep appearing
     */
    public Done run() throws InterruptedException {
        long began = System.nanoTime();
        try (BoundedParallel moves = new BoundedParallel(BoundedParallel.USUAL)) {
            for (int pass = 0; pass < PASSES; pass++) {
                if (pass(moves) > 0) continue;
                return new Done(moved.sum(), quarantined.sum(), Duration.ofNanos(System.nanoTime() - began));
            }
        }
        throw new CallFailed(
                ErrorCode.STORAGE_UNAVAILABLE,
                "New records keep appearing under share " + task.share()
                        + ", so a pod still writes with it, or the store does not delete; the next attempt will do what"
                        + " is left.");
    }

    /** Returns how many records there were. */
    private long pass(BoundedParallel moves) throws InterruptedException {
        long there = 0;
        for (int digit = task.worker(); digit < RewrapEnvironment.MOST_WORKERS; digit += task.workers()) {
            there += digit(moves, folder + Integer.toHexString(digit));
        }
        return task.worker() == 0 ? there + strays(moves) : there;
    }

    private long digit(BoundedParallel moves, String prefix) throws InterruptedException {
        long there = 0;
        for (List<Version> page = list(prefix, ""); !page.isEmpty(); page = list(prefix, last(page))) {
            List<Version> records = page.stream()
                    .filter(version -> RecordId.isOne(name(version)))
                    .toList();
            moves.forEach(records, this::moveInTurn);
            there += records.size();
        }
        return there;
    }

    private void moveInTurn(Version version) throws InterruptedException {
        if (limiter != null) limiter.acquirePermit();
        switch (retry.with(() -> move.of(new RecordId(name(version)), version))) {
            case MOVED -> moved.increment();
            case QUARANTINED -> quarantined.increment();
            case GONE -> {}
        }
    }

    /** Quarantines objects that do not have the name of a record: they would keep the folder from being empty, but someone may need them. */
    private long strays(BoundedParallel moves) throws InterruptedException {
        long there = 0;
        for (List<Version> page = list(folder, ""); !page.isEmpty(); page = list(folder, last(page))) {
            List<Version> strays = page.stream()
                    .filter(version -> !RecordId.isOne(name(version)))
                    .toList();
            moves.forEach(strays, this::quarantine);
            there += strays.size();
        }
        return there;
    }

    private void quarantine(Version stray) throws InterruptedException {
        boolean copied = retry.with(() -> {
            String source = stray.latest() ? null : stray.id();
            boolean there = !stray.deleteMarker()
                    && bucket.copy(stray.name(), source, BucketLayout.quarantine(task.share()) + name(stray));
            if (there || stray.deleteMarker()) bucket.delete(stray);
            return there;
        });
        if (!copied) return;
        quarantined.increment();
        log.warn("an object under share {} that does not have the name of a record is quarantined", task.share());
    }

    private List<Version> list(String prefix, String after) throws InterruptedException {
        return retry.with(() -> bucket.listing().versions(prefix, after));
    }

    private String name(Version version) {
        return version.name().substring(folder.length());
    }

    private static String last(List<Version> page) {
        return page.get(page.size() - 1).name();
    }

    /** @param rate records in a second; null for no limit */
    private static @Nullable RateLimiter<Object> limiter(@Nullable Double rate) {
        if (rate == null) return null;
        return RateLimiter.smoothBuilder(
                        Duration.ofNanos((long) (Duration.ofSeconds(1).toNanos() / rate)))
                .build();
    }

    private static void checkShare(Keyring keyring, int share) {
        if (share == keyring.primary()) {
            throw new InvalidSettings("TOKENIZER_REWRAP_SHARE is " + share
                    + ", which is the primary share; set it to an older one of this keyring, which has "
                    + keyring.announcement() + ".");
        }
        boolean older =
                share < keyring.primary() && IntStream.of(keyring.older()).anyMatch(n -> n == share);
        if (older) return;
        throw new InvalidSettings("TOKENIZER_REWRAP_SHARE is " + share
                + ", which is no older share of this keyring, which has " + keyring.announcement()
                + "; nothing was moved.");
    }
}
