package dev.lunasec.cluster;

import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** A steady rate of round trips, whether earlier ones have been answered or not. */
final class Traffic {
    private static final int AT_ONCE = 500;

    private final TokenizerClient client;
    private final int rate;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicLong slowestMillis = new AtomicLong();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    Traffic(TokenizerClient client, int rate) {
        this.client = client;
        this.rate = rate;
    }

    /** Returns when the process is ended, or throws when the clock has stopped. */
    void run() throws InterruptedException, ExecutionException {
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var calls = clock.scheduleAtFixedRate(
                    this::start, 0, Duration.ofSeconds(1).toNanos() / rate, TimeUnit.NANOSECONDS);
            var summaries = clock.scheduleAtFixedRate(() -> System.out.println(summary()), 0, 1, TimeUnit.SECONDS);
            calls.get();
            summaries.get();
        }
    }

    private void start() {
        if (places.tryAcquire()) Thread.ofVirtual().start(this::once);
        else failed("tooManyAtOnce");
    }

    private void once() {
        long began = System.nanoTime();
        try {
            App.roundTrip(client, "secret " + began);
        } catch (TokenizerException e) {
            failed(e.name() + " " + e.status());
        } catch (RuntimeException e) {
            failed(e.getClass().getSimpleName());
        } finally {
            places.release();
            requests.increment();
            slowestMillis.accumulateAndGet((System.nanoTime() - began) / 1_000_000, Math::max);
        }
    }

    private void failed(String why) {
        failures.increment();
        errors.computeIfAbsent(why, name -> new LongAdder()).increment();
    }

    /** All so far, and the slowest answer since the last summary. */
    private String summary() {
        StringBuilder text = new StringBuilder("{\"requests\":" + requests + ",\"failures\":" + failures
                + ",\"slowestMillis\":" + slowestMillis.getAndSet(0) + ",\"errors\":{");
        new TreeMap<>(errors)
                .forEach((why, times) -> text.append(text.charAt(text.length() - 1) == '{' ? "" : ",")
                        .append('"')
                        .append(why)
                        .append("\":")
                        .append(times));
        return text.append("}}").toString();
    }
}
