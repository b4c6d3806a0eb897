package dev.lunasec.tokenizer.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that were loaded within the last 30 seconds. If several callers need the same record at the same time,
 * one of them loads it, and the others wait for its result. No caller holds a lock during a load. Absences and failures
 * are not kept.
 *
 * <p>While a record is in use, the cache loads it anew in the background before its 30 seconds are over. So its callers
 * do not wait for the store. The time of that load is random. So records that were loaded together are not loaded
 * together the next time.
 */
final class RecordCache {
    private static final Logger log = LoggerFactory.getLogger(RecordCache.class);

    private static final long LARGEST = 16L << 20;
    private static final Duration LIFETIME = Duration.ofSeconds(30);
    /** A record is not loaded again before this age. The exact age is random, up to {@link #LATEST_REFRESH}. */
    static final Duration EARLIEST_REFRESH = Duration.ofSeconds(15);

    static final Duration LATEST_REFRESH = Duration.ofSeconds(27);
    /** After a load in the background that failed, the next one waits at least so long. */
    static final Duration BETWEEN_REFRESHES = Duration.ofSeconds(5);
    /** The most loads in the background at the same time: a quarter of the connections to the store. */
    static final int REFRESHES = 16;

    /** Bytes that an entry takes beside the layers of the record, about. */
    private static final int OVERHEAD = 256;

    private final Cache<RecordId, Entry> entries;
    private final Map<RecordId, CompletableFuture<Optional<Record>>> loads = new ConcurrentHashMap<>();
    private final Semaphore refreshes = new Semaphore(REFRESHES);
    private final Duration longestWait;
    private final LongSupplier nanoTime;

    private static final class Entry {
        final Record record;
        volatile long refreshAt;

        Entry(Record record, long refreshAt) {
            this.record = record;
            this.refreshAt = refreshAt;
        }
    }

    /**
     * Empty.
     *
     * @param longestWait how long a caller waits for loads of others, which all of them together get
     */
    RecordCache(Duration longestWait) {
        this(LARGEST, longestWait, System::nanoTime);
    }

    /**
     * Empty.
     *
     * @param largest how many bytes all entries may take
     * @param longestWait how long a caller waits for loads of others, which all of them together get
     * @param nanoTime as {@link System#nanoTime}
     */
    RecordCache(long largest, Duration longestWait, LongSupplier nanoTime) {
        this.longestWait = longestWait;
        this.nanoTime = nanoTime;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(largest)
                .weigher((RecordId id, Entry entry) -> entry.record.layerBytes() + OVERHEAD)
                .expireAfterWrite(LIFETIME)
                .ticker(nanoTime::getAsLong)
                .build();
    }

    /**
     * The record with this id.
     *
     * @param load finds the record, after a bounded time at the latest; it may throw {@link CallFailed}
     * @throws CallFailed what the load threw, or {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE} if loads of
     *     other callers take longer than the longest wait
     */
    Optional<Record> get(RecordId id, Supplier<Optional<Record>> load) {
        Entry cached = entries.getIfPresent(id);
        if (cached != null) {
            refreshIfOld(id, cached, load);
            return Optional.of(cached.record);
        }
        long began = nanoTime.getAsLong();
        for (boolean again = false; ; again = true) {
            CompletableFuture<Optional<Record>> own = new CompletableFuture<>();
            CompletableFuture<Optional<Record>> running = loads.putIfAbsent(id, own);
            if (running == null) return loadUnlessCached(id, load, own);
            Optional<Record> found = await(running, began);
            // The first load that another caller runs may have begun before this call, and the record may have been
            // written meanwhile. The second one has begun after this call, so its absence counts.
            if (found.isPresent() || again) return found;
        }
    }

    /** Whether {@link #get} would find the record without a load. */
    boolean has(RecordId id) {
        return entries.getIfPresent(id) != null;
    }

    /** Removes a record. A load that has begun before does not add it again. */
    void remove(RecordId id) {
        loads.remove(id);
        entries.invalidate(id);
    }

    /** Another load may have ended between the two questions of a call. */
    private Optional<Record> loadUnlessCached(
            RecordId id, Supplier<Optional<Record>> load, CompletableFuture<Optional<Record>> own) {
        Entry cached = entries.getIfPresent(id);
        if (cached == null) return load(id, load, own);
        Optional<Record> found = Optional.of(cached.record);
        end(id, own, found);
        return found;
    }

    private Optional<Record> load(
            RecordId id, Supplier<Optional<Record>> load, CompletableFuture<Optional<Record>> own) {
        try {
            Optional<Record> found = load.get();
            if (found.isPresent()) entries.put(id, new Entry(found.get(), nanoTime.getAsLong() + timeToRefresh()));
            else entries.invalidate(id);
            end(id, own, found);
            return found;
        } catch (RuntimeException | Error e) {
            boolean unused = loads.remove(id, own);
            own.completeExceptionally(e);
            throw e;
        }
    }

    private void end(RecordId id, CompletableFuture<Optional<Record>> own, Optional<Record> found) {
        boolean removedMeanwhile = !loads.remove(id, own);
        if (removedMeanwhile) entries.invalidate(id);
        own.complete(found);
    }

    private static long timeToRefresh() {
        return ThreadLocalRandom.current().nextLong(EARLIEST_REFRESH.toNanos(), LATEST_REFRESH.toNanos());
    }

    /** Loads a record again in the background if it is time, unless too many loads are under way. */
    private void refreshIfOld(RecordId id, Entry entry, Supplier<Optional<Record>> load) {
        long now = nanoTime.getAsLong();
        if (now - entry.refreshAt < 0 || !refreshes.tryAcquire()) return;
        entry.refreshAt = now + BETWEEN_REFRESHES.toNanos();
        CompletableFuture<Optional<Record>> own = new CompletableFuture<>();
        if (loads.putIfAbsent(id, own) != null) {
            refreshes.release();
            return;
        }
        try {
            Thread.ofVirtual().name("record-refresh").start(() -> refresh(id, load, own));
        } catch (RuntimeException | Error e) {
            refreshes.release();
            boolean unused = loads.remove(id, own);
            own.completeExceptionally(e);
            throw e;
        }
    }

    private void refresh(RecordId id, Supplier<Optional<Record>> load, CompletableFuture<Optional<Record>> own) {
        try {
            var unused = load(id, load, own);
        } catch (RuntimeException e) {
            // The record stays until its time is over. Then a caller loads it, and gets the failure.
            log.debug("A record was not loaded again: {}", e.getClass().getName());
        } finally {
            refreshes.release();
        }
    }

    private Optional<Record> await(CompletableFuture<Optional<Record>> running, long began) {
        try {
            long waited = nanoTime.getAsLong() - began;
            return running.get(longestWait.toNanos() - waited, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallFailed failed) {
                throw new CallFailed(failed.failure(), failed.sentence(), failed);
            }
            throw new IllegalStateException("the load of a record failed", e);
        } catch (TimeoutException e) {
            throw StoreAnswers.unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StoreAnswers.unavailable(e);
        }
    }
}
