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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The records that were loaded within the last 30 seconds. If several callers need the same record at the same time,
 * one of them loads it, and the others wait for its result. No caller holds a lock during a load. Absences and failures
 * are not kept.
 */
final class RecordCache {
    private static final long LARGEST = 16L << 20;
    private static final Duration LIFETIME = Duration.ofSeconds(30);

    /** Bytes that an entry takes beside the layers of the record, about. */
    private static final int OVERHEAD = 256;

    private final Cache<RecordId, Record> records;
    private final Map<RecordId, CompletableFuture<Optional<Record>>> loads = new ConcurrentHashMap<>();
    private final Duration longestWait;
    private final LongSupplier nanoTime;

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
        this.records = Caffeine.newBuilder()
                .maximumWeight(largest)
                .weigher((RecordId id, Record record) -> record.layerBytes() + OVERHEAD)
                .expireAfterWrite(LIFETIME)
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
        Record cached = records.getIfPresent(id);
        if (cached != null) return Optional.of(cached);
        long began = nanoTime.getAsLong();
        for (boolean again = false; ; again = true) {
            CompletableFuture<Optional<Record>> own = new CompletableFuture<>();
            CompletableFuture<Optional<Record>> running = loads.putIfAbsent(id, own);
            if (running == null) return load(id, load, own);
            Optional<Record> found = await(running, began);
            // The first load that another caller runs may have begun before this call, and the record may have been
            // written meanwhile. The second one has begun after this call, so its absence counts.
            if (found.isPresent() || again) return found;
        }
    }

    /** Whether {@link #get} would find the record without a load. */
    boolean has(RecordId id) {
        return records.getIfPresent(id) != null;
    }

    /** Removes a record. A load that has begun before does not add it again. */
    void remove(RecordId id) {
        loads.remove(id);
        records.invalidate(id);
    }

    private Optional<Record> load(
            RecordId id, Supplier<Optional<Record>> load, CompletableFuture<Optional<Record>> own) {
        try {
            // Another load may have ended between the two questions of this call.
            Record cached = records.getIfPresent(id);
            Optional<Record> found = cached == null ? load.get() : Optional.of(cached);
            if (cached == null && found.isPresent()) records.put(id, found.get());
            boolean removedMeanwhile = !loads.remove(id, own);
            if (removedMeanwhile) records.invalidate(id);
            own.complete(found);
            return found;
        } catch (RuntimeException | Error e) {
            boolean unused = loads.remove(id, own);
            own.completeExceptionally(e);
            throw e;
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
