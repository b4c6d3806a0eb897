package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.ops.CauseChain;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Does once more what the store gave no answer to, with a growing wait, for a bounded time: a store that restarts is waited for. */
public final class StoreRetry {
    /** How long a store may be away. */
    public static final Duration USUAL = Duration.ofMinutes(2);

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Duration bound;

    /**
     * So much of it for each step.
     *
     * @param bound from the first attempt to the last
     */
    public StoreRetry(Duration bound) {
        this.bound = bound;
    }

    /**
     * Does it until there is an answer.
     *
     * @param step does no harm when it is done twice
     * @throws CallFailed {@link ErrorCode#STORAGE_UNAVAILABLE}, with a sentence for whoever runs the vault
     */
    <T> T with(Supplier<T> step) throws InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        for (Duration wait = FIRST_WAIT; ; wait = longer(wait)) {
            try {
                return step.get();
            } catch (CallFailed e) {
                if (e.failure() != ErrorCode.STORAGE_UNAVAILABLE) throw e;
                if (System.nanoTime() + wait.toNanos() > end) throw givenUp(e);
                TimeUnit.NANOSECONDS.sleep(wait.toNanos());
            }
        }
    }

    /** The same for what has no answer. */
    void run(Runnable step) throws InterruptedException {
        var unused = with(() -> {
            step.run();
            return true;
        });
    }

    private static Duration longer(Duration wait) {
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(LONGEST_WAIT) < 0 ? twice : LONGEST_WAIT;
    }

    private CallFailed givenUp(CallFailed last) {
        return new CallFailed(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The object store gave no good answer for " + GoDuration.format(bound) + " ("
                        + CauseChain.of(last.getCause()) + "); what is left will be done by the next attempt.",
                last);
    }
}
