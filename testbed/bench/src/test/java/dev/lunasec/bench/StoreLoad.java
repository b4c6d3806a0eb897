package dev.lunasec.bench;

import dev.lunasec.bench.Window.Counters;
import java.io.IOException;
import java.time.Duration;
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
    private final IntConsumer call;
    private final int callers;
    private final LongAdder done = new LongAdder();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private volatile boolean over;

    /** @param call takes the number of the caller, from 0 on */
    StoreLoad(int callers, IntConsumer call) {
        this.callers = callers;
        this.call = call;
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
