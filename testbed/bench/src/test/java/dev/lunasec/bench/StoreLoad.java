package dev.lunasec.bench;

import dev.lunasec.bench.Window.Counters;
import dev.lunasec.tokenizer.store.Bucket;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * A load on the store alone: callers in this process that each make the next call when the last one has ended, with the
 * client that the tokenizer has too. Any failure of a call ends it.
 */
final class StoreLoad {
    /** As many bytes as a small record has. */
    private static final byte[] OBJECT = new byte[600];

    private static final int OBJECTS = 500;

    private final IntConsumer call;
    private final int callers;
    private final LongAdder done = new LongAdder();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private volatile boolean over;

    private StoreLoad(int callers, IntConsumer call) {
        this.callers = callers;
        this.call = call;
    }

    /** Writes the objects that {@link #gets} reads. */
    static void fill(Bucket bucket) {
        for (int i = 0; i < OBJECTS; i++) put(bucket, object(i));
    }

    /** Callers that read small objects. */
    static StoreLoad gets(Bucket bucket, int callers) {
        int[] next = new int[callers];
        return new StoreLoad(callers, caller -> get(bucket, object((caller + callers * next[caller]++) % OBJECTS)));
    }

    /** Callers that each write a new small object with each call. */
    static StoreLoad puts(Bucket bucket, int callers) {
        return new StoreLoad(callers, caller -> put(bucket, "bench/put/" + UUID.randomUUID()));
    }

    private static String object(int number) {
        return "bench/get/" + number;
    }

    private static void get(Bucket bucket, String key) {
        if (bucket.get(key).isEmpty()) throw new IllegalStateException("the store has no object " + key);
    }

    private static void put(Bucket bucket, String key) {
        bucket.put(key, OBJECT, "application/json");
    }

    /**
     * Runs once.
     *
     * @param leadIn comes first and is not measured
     */
    Window run(Duration leadIn, Duration measured) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                int caller = i;
                threads.execute(() -> call(caller));
            }
            try {
                pass(leadIn);
                long before = done.sum();
                long began = System.nanoTime();
                pass(measured);
                return new Window(done.sum() - before, Duration.ofNanos(System.nanoTime() - began), Counters.NONE);
            } finally {
                over = true;
            }
        }
    }

    private void call(int caller) {
        try {
            while (!over) {
                call.accept(caller);
                done.increment();
            }
        } catch (RuntimeException e) {
            failed.completeExceptionally(e);
        }
    }

    /** Lets the time pass, unless a call fails. */
    private void pass(Duration time) throws IOException, InterruptedException {
        try {
            failed.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // No call has failed.
        } catch (ExecutionException e) {
            throw new IOException("a call to the store failed", e.getCause());
        }
    }
}
