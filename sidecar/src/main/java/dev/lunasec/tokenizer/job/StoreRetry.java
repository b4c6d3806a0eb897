package dev.lunasec.tokenizer.job;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RateLimiter;
import dev.failsafe.RetryPolicy;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.ops.CauseChain;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries a step while the store gives no answer, with a growing wait, for a bounded time: enough for a store that
 * restarts.
 */
public final class StoreRetry {
    private static final Logger log = LoggerFactory.getLogger(StoreRetry.class);

    /** How long a store may be unreachable. */
    public static final Duration USUAL = Duration.ofMinutes(2);

    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 5000;
    private static final int ANY_NUMBER = -1;
    /** About one line in this time tells why steps fail. */
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

    private final RateLimiter<Object> lines =
            RateLimiter.smoothBuilder(BETWEEN_LINES).build();
    private final Duration bound;
    private final RetryPolicy<Object> policy;

    /**
     * A retry that each step gets in full.
     *
     * @param bound from the first attempt to the beginning of the last one
     */
    public StoreRetry(Duration bound) {
        this.bound = bound;
        this.policy = RetryPolicy.builder()
                .handleIf(StoreRetry::isUnavailable)
                .withBackoff(FIRST_WAIT_MILLIS, LONGEST_WAIT_MILLIS, ChronoUnit.MILLIS)
                .withMaxAttempts(ANY_NUMBER)
                .withMaxDuration(bound)
                .onRetryScheduled(next -> logFailure(next.getLastException()))
                .build();
    }

    private void logFailure(Throwable failure) {
        if (!lines.tryAcquirePermit()) return;
        String why = failure.getCause() == null
                ? failure.getMessage()
                : "The object store gave no good answer (" + CauseChain.of(failure.getCause()) + ").";
        log.warn("The Job repeats a step, and begins no attempt after {}. {}", GoDuration.format(bound), why);
    }

    /**
     * Does a step until the store answers.
     *
     * @param step does no harm when it is done twice
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE}, with a sentence for the people who run the vault
     */
    public <T> T with(Supplier<T> step) throws InterruptedException {
        try {
            return Failsafe.with(policy).get(step::get);
        } catch (CallFailed e) {
            throw isUnavailable(e) ? exhausted(e) : e;
        } catch (FailsafeException e) {
            if (!(e.getCause() instanceof InterruptedException)) throw e;
            // The exception says it, so the thread's flag need not.
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    /** Does a step that returns nothing. */
    void run(Runnable step) throws InterruptedException {
        var unused = with(() -> {
            step.run();
            return true;
        });
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof CallFailed call && call.failure() == ErrorCode.STORAGE_UNAVAILABLE;
    }

    private CallFailed exhausted(CallFailed last) {
        if (last.getCause() == null) return last;
        return new CallFailed(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The object store gave no good answer for " + GoDuration.format(bound) + " ("
                        + CauseChain.of(last.getCause()) + "); the next attempt will do what is left.",
                last);
    }
}
