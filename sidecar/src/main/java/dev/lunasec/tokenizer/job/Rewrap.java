package dev.lunasec.tokenizer.job;

import dev.failsafe.RateLimiter;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.RecordFolder;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the records of an old share to the primary one, also those that wait for their values: all of them, or those
 * whose id begins with one of the hex digits of this worker. It keeps no state: the records that are still under the
 * old share are what is left to do.
 */
public final class Rewrap {
    private static final Logger log = LoggerFactory.getLogger(Rewrap.class);

    /**
     * The result.
     *
     * @param quarantined records that are unreadable, and objects that are no records
     */
    public record Done(long moved, long quarantined, Duration took) {}

    /**
     * A move is four requests one after the other, and a store that is far away takes long for each. The client has 64
     * connections, of which the listing needs one.
     */
    static final int MOVES_AT_ONCE = 48;

    /** After the first pass, only records that could not be deleted or that a pod has just written are left. */
    private static final int PASSES = 100;

    private final Bucket bucket;
    private final RewrapEnvironment task;
    private final List<RecordMove> moves;
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
        this.moves = Arrays.stream(RecordFolder.values())
                .map(folder -> new RecordMove(bucket, keyring, folder, task.share()))
                .toList();
        this.limiter = limiter(task.rate());
        this.retry = retry;
    }

    /**
     * Moves records until none is left.
     *
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE} when the store stays unavailable, or when new records
     *     keep appearing
     */
    public Done run() throws InterruptedException {
        long began = System.nanoTime();
        try (BoundedParallel threads = new BoundedParallel(MOVES_AT_ONCE)) {
            for (int pass = 0; pass < PASSES; pass++) {
                if (pass(threads) > 0) continue;
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
    private long pass(BoundedParallel threads) throws InterruptedException {
        long there = 0;
        for (RecordMove move : moves) there += pass(threads, move);
        return there;
    }

    private long pass(BoundedParallel threads, RecordMove move) throws InterruptedException {
        LongAdder there = new LongAdder();
        threads.forEachOf(new VersionPages(bucket, retry, prefixes(move.source())), version -> {
            if (!RecordId.isOne(name(version))) return;
            there.increment();
            moveInTurn(move, version);
        });
        return task.worker() == 0 ? there.sum() + strays(threads, move.source()) : there.sum();
    }

    /** What this worker lists: one prefix for each of its digits, and the whole folder if it has all of them. */
    private List<String> prefixes(String folder) {
        if (task.workers() == 1) return List.of(folder);
        return IntStream.range(0, RewrapEnvironment.MOST_WORKERS)
                .filter(digit -> digit % task.workers() == task.worker())
                .mapToObj(digit -> folder + Integer.toHexString(digit))
                .toList();
    }

    private void moveInTurn(RecordMove move, Version version) throws InterruptedException {
        if (limiter != null) limiter.acquirePermit();
        switch (retry.with(() -> move.of(new RecordId(name(version)), version))) {
            case MOVED -> moved.increment();
            case QUARANTINED -> quarantined.increment();
            case GONE -> {}
        }
    }

    /** Quarantines objects without the name of a record: the folder must become empty, but someone may need them. */
    private long strays(BoundedParallel threads, String folder) throws InterruptedException {
        LongAdder there = new LongAdder();
        threads.forEachOf(new VersionPages(bucket, retry, List.of(folder)), version -> {
            if (RecordId.isOne(name(version))) return;
            there.increment();
            quarantine(version);
        });
        return there.sum();
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

    /** The name within the folder of the share, whose own name has two slashes. */
    private static String name(Version version) {
        String ofShare = version.name().substring(version.name().indexOf('/') + 1);
        return ofShare.substring(ofShare.indexOf('/') + 1);
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
