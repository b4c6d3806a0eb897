package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers whether the store did not delete something. A job goes on with the rest and fails at its end, so that one
 * object that remains does not keep others from being deleted. Threads may share it.
 */
final class Remaining {
    private static final Logger log = LoggerFactory.getLogger(Remaining.class);

    /** A deletion, or several. */
    interface Step<T> {
        T run() throws InterruptedException;
    }

    private final AtomicReference<@Nullable CallFailed> first = new AtomicReference<>();

    /**
     * Does a step.
     *
     * @return empty when it failed with {@link ErrorCode#ERASURE_INCOMPLETE}; other failures are thrown
     */
    <T> Optional<T> past(Step<T> step) throws InterruptedException {
        return past("", step);
    }

    /**
     * Does a step, and logs the first one that fails.
     *
     * @param what the step deletes
     */
    <T> Optional<T> past(String what, Step<T> step) throws InterruptedException {
        try {
            return Optional.of(step.run());
        } catch (CallFailed e) {
            if (e.failure() != ErrorCode.ERASURE_INCOMPLETE) throw e;
            if (first.compareAndSet(null, e) && !what.isEmpty()) {
                log.warn("The store does not delete {}; the next sweep tries again.", what);
            }
            return Optional.empty();
        }
    }

    /** @throws CallFailed {@link ErrorCode#ERASURE_INCOMPLETE}, the first one, when something remains */
    void requireNone() {
        CallFailed failure = first.get();
        if (failure != null) throw failure;
    }
}
