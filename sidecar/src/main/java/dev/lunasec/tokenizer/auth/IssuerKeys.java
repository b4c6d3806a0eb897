package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known keys of one issuer. They are fetched in the background, so a caller whose key is known never waits for the issuer. A
 * caller whose key is not known starts a fetch, at most one in {@link Timing#between}, and waits for it, at most {@link Timing#longestWait}.
 */
final class IssuerKeys implements AutoCloseable {
    /**
     * When keys are fetched and how long they hold.
     *
     * @param every how often they are fetched
     * @param between the least time between two fetches that callers start, and between a failed fetch and the next one
     * @param longestWait how long a caller whose key is not known waits
     * @param outage how long keys hold after the last fetch that succeeded
     */
    record Timing(Duration every, Duration between, Duration longestWait, Duration outage) {
        /** The usual times. */
        static Timing with(Duration outage) {
            return new Timing(Duration.ofSeconds(90), Duration.ofSeconds(5), Duration.ofSeconds(2), outage);
        }
    }

    private record Fetched(PublishedKeys published, long at) {}

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

    /** The most callers of one issuer that wait; the others get an answer without a wait. */
    private static final int WAITING = 64;

    private final String name;
    private final PublishedKeys.Source source;
    private final Timing timing;
    private final Semaphore waiting = new Semaphore(WAITING);
    private final LongAdder failures = new LongAdder();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Fetched last;
    private volatile boolean failing;
    private volatile CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private @Nullable Long started;

    /**
     * Fetches nothing yet.
     *
     * @param name of the issuer, for logs and metrics
     */
    IssuerKeys(String name, PublishedKeys.Source source, Timing timing) {
        this.name = name;
        this.source = source;
        this.timing = timing;
    }

    /** Begins to fetch the keys now and then, and does not wait for the first time. */
    void start() {
        Thread.ofVirtual().name("keys of " + name).start(this::run);
    }

    /** Registers the age of the keys and the number of fetches that failed. */
    void bindTo(MeterRegistry metrics) {
        TimeGauge.builder("tokenizer.issuer.keys.age", this, TimeUnit.SECONDS, IssuerKeys::ageSeconds)
                .tag("issuer", name)
                .description("time since the keys of the issuer were fetched; NaN before the first time")
                .register(metrics);
        FunctionCounter.builder("tokenizer.issuer.keys.failures", failures, LongAdder::sum)
                .tag("issuer", name)
                .description("fetches of the keys of the issuer that failed")
                .register(metrics);
    }

    /**
     * The keys that fit; none if the issuer has none.
     *
     * @throws KeySourceException if the issuer may have one, but does not answer at the moment
     */
    List<JWK> select(JWKSelector selector) throws KeySourceException {
        PublishedKeys known = usable();
        List<JWK> fitting = known == null ? List.of() : selector.select(known.keys());
        if (!fitting.isEmpty()) return fitting;
        awaitFetch();
        List<JWK> found = selector.select(present(usable()).keys());
        if (found.isEmpty() && (failing || !running.isDone())) throw unavailable();
        return found;
    }

    /**
     * The keys and what was published with them.
     *
     * @throws KeySourceException if they were not fetched for as long as {@link Timing#outage}
     */
    PublishedKeys current() throws KeySourceException {
        PublishedKeys known = usable();
        if (known != null) return known;
        awaitFetch();
        return present(usable());
    }

    /** Ends the fetches in the background. */
    @Override
    public void close() {
        stop.countDown();
    }

    private static PublishedKeys present(@Nullable PublishedKeys keys) throws KeySourceException {
        if (keys == null) throw unavailable();
        return keys;
    }

    private static KeySourceException unavailable() {
        return new KeySourceException("the keys can't be fetched at the moment");
    }

    private @Nullable PublishedKeys usable() {
        Fetched known = last;
        return known == null || System.nanoTime() - known.at() > timing.outage().toNanos() ? null : known.published();
    }

    private double ageSeconds() {
        Fetched known = last;
        return known == null ? Double.NaN : (System.nanoTime() - known.at()) / 1e9;
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

    private void awaitFetch() {
        CompletableFuture<Void> fetch = fetchForCaller();
        if (fetch.isDone() || !waiting.tryAcquire()) return;
        try {
            fetch.get(timing.longestWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.debug("the fetch of the keys of {} goes on without its caller", name);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a fetch always completes normally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.release();
        }
    }

    /** The fetch that goes on, or a new one, unless callers started one a moment ago. The very first fetch does not count. */
    private synchronized CompletableFuture<Void> fetchForCaller() {
        long now = System.nanoTime();
        boolean early = started != null && now - started < timing.between().toNanos();
        if (!running.isDone() || early) return running;
        if (last != null || failing) started = now;
        return fetchNow();
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

    private void fetch() {
        long now = System.nanoTime();
        try {
            last = new Fetched(source.fetch(), now);
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
