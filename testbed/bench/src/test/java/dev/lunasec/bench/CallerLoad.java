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
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A load of callers in this process that each make the next call when the last one has ended. Any failure of a call
 * ends it.
 */
final class CallerLoad {
    private static final long PATIENCE_SECONDS = 30;

    /** What a caller does again and again. */
    interface Call {
        void make(int caller) throws IOException;
    }

    private final Call call;
    private final int callers;
    private final Supplier<Counters> counters;
    private final Histogram micros = Latencies.shared();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private volatile boolean measuring;
    private volatile boolean over;

    /**
     * Not running.
     *
     * @param callers numbered from 0 on
     * @param counters read at the beginning and at the end of the measured time
     */
    CallerLoad(int callers, Supplier<Counters> counters, Call call) {
        this.callers = callers;
        this.counters = counters;
        this.call = call;
    }

    /**
     * Runs once.
     *
     * @param leadIn comes first and is not measured
     */
    Window run(Duration leadIn, Duration measured) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (int i = 0; i < callers; i++) {
                int caller = i;
                threads.execute(() -> call(caller));
            }
            pass(leadIn);
            Counters before = counters.get();
            long began = System.nanoTime();
            measuring = true;
            pass(measured);
            measuring = false;
            Duration lasted = Duration.ofNanos(System.nanoTime() - began);
            Counters used = counters.get().since(before);
            over = true;
            threads.shutdown();
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
                throw new IOException("no answer for 30 s");
            return new Window(micros.getTotalCount(), lasted, used, micros);
        } finally {
            over = true;
            threads.shutdownNow();
        }
    }

    private void call(int caller) {
        try {
            while (!over) {
                long began = System.nanoTime();
                call.make(caller);
                if (measuring) micros.recordValue(Latencies.since(began));
            }
        } catch (IOException | RuntimeException e) {
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
            throw new IOException("a call failed", e.getCause());
        }
    }
}
