package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.audit.AuditLog;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.Envelope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Serves the items of a batch, each as its single route does: with the same checks, the same bounds and an audit line.
 * All items ask Redis at the same time over its one connection, so a batch waits as long as one call. With the store,
 * only a few of its items work at the same time.
 */
final class Batches {
    /**
     * As how many calls a batch counts: it may have a body that is so many times as large, and so many of its items
     * work with the store at the same time. So a caller gains no share of the pod by sending batches.
     */
    static final int WEIGHT = 4;

    /**
     * The items of all batches that ask Redis at the same time. The connection takes two commands for each of them. The
     * grant of a new token comes in addition: it is set after its item has had its turn.
     */
    private static final int ASKING = 256;

    /** How long a batch begins items. An item takes no longer than a single call, so the answer comes in time. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Semaphore asking = new Semaphore(ASKING);
    private final Failures failures;
    private final AuditLog audit;
    private final MeterRegistry metrics;

    Batches(Failures failures, AuditLog audit, MeterRegistry metrics) {
        this.failures = failures;
        this.audit = audit;
        this.metrics = metrics;
        Gauge.builder("tokenizer.batch.items.active", asking, free -> ASKING - free.availablePermits())
                .description("items of batches that ask Redis")
                .register(metrics);
        Gauge.builder("tokenizer.batch.items.limit", () -> ASKING)
                .description("the most items of batches that ask Redis at the same time; further items wait")
                .register(metrics);
    }

    /**
     * Serves a batch.
     *
     * @param route of each item
     * @return when all items were served or refused
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST} if the body is no batch
     */
    BatchAnswer serve(Call batch, Route route) {
        List<JsonNode> items = batch.read(BatchRequest.class).items();
        Semaphore storing = new Semaphore(WEIGHT);
        long end = System.nanoTime() + LONGEST.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> calls = items.stream()
                    .<Callable<Object>>map(item -> () -> serve(batch, route, item, storing, end))
                    .toList();
            return new BatchAnswer(
                    threads.invokeAll(calls).stream().map(Future::resultNow).toList());
        } catch (InterruptedException e) {
            throw stopping(e);
        }
    }

    private Object serve(Call batch, Route route, JsonNode item, Semaphore storing, long end) {
        AuditContext decision = new AuditContext(route.path);
        decision.caller(batch.caller(), batch.holder());
        try {
            Call call = batch.of(item, decision);
            Route.Rest rest = inTurn(asking, end, "send it again", () -> route.begin(call));
            Object data = inTurn(storing, end, "a use of its grant may be taken", rest::finish);
            decision.succeeded();
            return Envelope.served(data);
        } catch (Exception e) {
            CallFailed failed = failures.report(route.path, decision, e);
            return Envelope.refused(failed);
        } finally {
            audit.write(decision.line());
            Counter.builder("tokenizer.batch.items")
                    .description("items of batches, by the route that each is a call of")
                    .tag("route", route.path)
                    .tag("result", decision.result())
                    .register(metrics)
                    .increment();
        }
    }

    private static <T> T inTurn(Semaphore turns, long end, String consequence, Callable<T> step) throws Exception {
        try {
            if (!turns.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new CallFailed(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "The batch took longer than " + LONGEST.toSeconds() + " seconds, so this item was not served; "
                                + consequence + ".");
            }
        } catch (InterruptedException e) {
            throw stopping(e);
        }
        try {
            return step.call();
        } finally {
            turns.release();
        }
    }

    private static CallFailed stopping(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new CallFailed(ErrorCode.STOPPING, "The tokenizer is stopping; try again.", cause);
    }
}
