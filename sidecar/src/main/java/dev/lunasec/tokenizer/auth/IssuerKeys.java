package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known keys of one issuer. They are fetched in the background, so a caller whose key is known never waits for
 * the issuer. A caller whose key is not known starts a fetch, at most one in {@link Timing#between}, and waits for it,
 * at most {@link Timing#longestWait}. If a fetch is running already, the caller waits for that one first.
 */
final class IssuerKeys implements AutoCloseable {
    /**
     * When keys are fetched and how long they hold.
     *
     * @param every how often they are fetched
     * @param between the least time between two fetches that callers start, and between a failed fetch and the next one
     * @param longestWait how long a caller whose key is not known waits for a fetch
     * @param outage how long keys hold after the last fetch that succeeded
     */
    record Timing(Duration every, Duration between, Duration longestWait, Duration outage) {
        /** The usual times. */
        static Timing with(Duration outage) {
            return new Timing(Duration.ofSeconds(90), Duration.ofSeconds(5), Duration.ofSeconds(2), outage);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

    /** The most callers of one issuer that wait; the others get an answer without a wait. */
    private static final int WAITING = 64;

    private final String name;
    private final Timing timing;
    private final KeyFetcher fetcher;
    private final Semaphore waiting = new Semaphore(WAITING);

    /**
     * Fetches nothing yet.
     *
     * @param name of the issuer, for logs and metrics
     */
    IssuerKeys(String name, PublishedKeys.Source source, Timing timing) {
        this(name, source, timing, System::nanoTime);
    }

    IssuerKeys(String name, PublishedKeys.Source source, Timing timing, LongSupplier nanos) {
        this.name = name;
        this.timing = timing;
        this.fetcher = new KeyFetcher(name, source, timing, nanos);
    }

    /** Begins to fetch the keys now and then, and does not wait for the first time. */
    void start() {
        fetcher.start();
    }

    /** Registers the age of the keys, the number of fetches that failed, and how many callers wait for one. */
    void bindTo(MeterRegistry metrics) {
        TimeGauge.builder("tokenizer.issuer.keys.age", fetcher, TimeUnit.SECONDS, KeyFetcher::ageSeconds)
                .tag("issuer", name)
                .description("time since the keys of the issuer were fetched; NaN before the first time")
                .register(metrics);
        FunctionCounter.builder("tokenizer.issuer.keys.failures", fetcher, KeyFetcher::failures)
                .tag("issuer", name)
                .description("fetches of the keys of the issuer that failed")
                .register(metrics);
        Gauge.builder("tokenizer.issuer.keys.waiting", waiting, places -> WAITING - places.availablePermits())
                .tag("issuer", name)
                .description("callers that wait for a fetch of the keys of the issuer, at most " + WAITING)
                .register(metrics);
    }

    /**
     * The keys that fit; none if the issuer has none.
     *
     * @throws KeySourceException if the issuer may have one, but does not answer at the moment
     */
    List<JWK> select(JWKSelector selector) throws KeySourceException {
        PublishedKeys known = fetcher.usable();
        List<JWK> fitting = known == null ? List.of() : selector.select(known.keys());
        if (!fitting.isEmpty()) return fitting;
        // A fetch that is running already may have read the keys before the issuer added one.
        for (int fetches = fetcher.isFetching() ? 2 : 1; fetches > 0; fetches--) {
            boolean ended = awaitFetch();
            // Asked before the keys, because a fetch may end in between.
            boolean uncertain = fetcher.uncertain();
            fitting = selector.select(present(fetcher.usable()).keys());
            if (!fitting.isEmpty()) return fitting;
            if (uncertain && (!ended || fetches == 1)) throw unavailable();
        }
        return List.of();
    }

    /**
     * The last known keys, without a wait. It is the same object as long as a fetch finds no other keys; null if they
     * were not fetched for as long as {@link Timing#outage}.
     */
    @Nullable
    PublishedKeys known() {
        return fetcher.usable();
    }

    /**
     * The keys and what was published with them.
     *
     * @throws KeySourceException if they were not fetched for as long as {@link Timing#outage}
     */
    PublishedKeys current() throws KeySourceException {
        PublishedKeys known = fetcher.usable();
        if (known != null) return known;
        awaitFetch();
        return present(fetcher.usable());
    }

    /** Ends the fetches in the background. */
    @Override
    public void close() {
        fetcher.close();
    }

    private static PublishedKeys present(@Nullable PublishedKeys keys) throws KeySourceException {
        if (keys == null) throw unavailable();
        return keys;
    }

    private static KeySourceException unavailable() {
        return new KeySourceException("the keys can't be fetched at the moment");
    }

    /** Returns whether the fetch has ended. */
    private boolean awaitFetch() {
        CompletableFuture<Void> fetch = fetcher.fetchForCaller();
        if (fetch.isDone() || !waiting.tryAcquire()) return fetch.isDone();
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
        return fetch.isDone();
    }
}
