package dev.lunasec.tokenizer.auth;

import dev.lunasec.tokenizer.auth.IssuerKeys.Timing;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the keys of one issuer, one fetch at a time: now and then, and when a caller needs it. It keeps those of the
 * last success.
 */
final class KeyFetcher implements AutoCloseable {
    private record Fetched(PublishedKeys published, long at) {}

    private static final Logger log = LoggerFactory.getLogger(KeyFetcher.class);

    private final String name;
    private final PublishedKeys.Source source;
    private final Timing timing;
    private final LongSupplier nanos;
    private final LongAdder failures = new LongAdder();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Fetched last;
    private volatile boolean failing;
    private volatile CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private @Nullable Long started;

    /** @param nanos the time in nanoseconds, as {@link System#nanoTime} gives it */
    KeyFetcher(String name, PublishedKeys.Source source, Timing timing, LongSupplier nanos) {
        this.name = name;
        this.source = source;
        this.timing = timing;
        this.nanos = nanos;
    }

    /** Begins to fetch now and then. */
    void start() {
        Thread.ofVirtual().name("keys of " + name).start(this::run);
    }

    /**
     * The keys of the last success, the same object until they differ; null if it was longer ago than
     * {@link Timing#outage}, or never.
     */
    @Nullable
    PublishedKeys usable() {
        Fetched known = last;
        return known == null || nanos.getAsLong() - known.at() > timing.outage().toNanos() ? null : known.published();
    }

    /** Whether a fetch is running. */
    boolean isFetching() {
        return !running.isDone();
    }

    /** Whether the issuer may have other keys by now: a fetch is running, or the last one failed. */
    boolean uncertain() {
        // In this order, because a fetch that fails says so before it ends.
        return isFetching() || failing;
    }

    /** Seconds since the last success; NaN before it. */
    double ageSeconds() {
        Fetched known = last;
        return known == null ? Double.NaN : (nanos.getAsLong() - known.at()) / 1e9;
    }

    /** The number of fetches that failed. */
    double failures() {
        return failures.sum();
    }

    /**
     * The fetch that goes on, or a new one, unless callers started one a moment ago. The very first fetch does not
     * count.
     */
    synchronized CompletableFuture<Void> fetchForCaller() {
        long now = nanos.getAsLong();
        boolean early = started != null && now - started < timing.between().toNanos();
        if (!running.isDone() || early) return running;
        if (last != null || failing) started = now;
        return fetchNow();
    }

    @Override
    public void close() {
        stop.countDown();
    }

    private void run() {
        try {
            do {
                fetchNow().get();
            } while (!stop.await((failing ? timing.between() : timing.every()).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fetch always completes normally", e);
        }
    }

    private synchronized CompletableFuture<Void> fetchNow() {
        if (!running.isDone()) return running;
        CompletableFuture<Void> fetch = new CompletableFuture<>();
        running = fetch;
        Thread.ofVirtual().name("fetch of the keys of " + name).start(() -> {
            try {
                fetch();
            } finally {
                fetch.complete(null);
            }
        });
        return fetch;
    }

    private PublishedKeys unlessEqual(PublishedKeys fetched) {
        Fetched known = last;
        return known != null && known.published().isSameAs(fetched) ? known.published() : fetched;
    }

    private void fetch() {
        long now = nanos.getAsLong();
        try {
            last = new Fetched(unlessEqual(source.fetch()), now);
            if (failing) log.info("The keys of the issuer {} can be fetched again.", name);
            failing = false;
        } catch (IOException e) {
            if (!failing) log.warn("The keys of the issuer {} can't be fetched: {}.", name, e.getMessage());
            failed();
        } catch (RuntimeException e) {
            log.error("the fetch of the keys of the issuer {} failed because of a bug", name, e);
            failed();
        }
    }

    private void failed() {
        failing = true;
        failures.increment();
    }
}
