package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what the store does not delete. A job goes on with the rest and fails at its end, so that one object that
 * remains does not keep others from being deleted. Threads may share it.
 */
final class Remaining {
    private static final Logger log = LoggerFactory.getLogger(Remaining.class);

    /** A deletion, or several. */
    interface Step<T> {
        T run() throws InterruptedException;
    }

    private final String what;
    private final AtomicReference<@Nullable CallFailed> first = new AtomicReference<>();
    private final LongAdder count = new LongAdder();

    /** @param what remains, in the plural, for the log */
    Remaining(String what) {
        this.what = what;
    }

    /**
     * Does a step.
     *
     * @return empty when it failed with {@link ErrorCode#ERASURE_INCOMPLETE}; other failures are thrown
     */
    <T> Optional<T> past(Step<T> step) throws InterruptedException {
        try {
            return Optional.of(step.run());
        } catch (CallFailed e) {
            if (e.failure() != ErrorCode.ERASURE_INCOMPLETE) throw e;
            first.compareAndSet(null, e);
            count.increment();
            return Optional.empty();
        }
    }

    /** @throws CallFailed {@link ErrorCode#ERASURE_INCOMPLETE}, the first one, when something remains */
    void requireNone() {
        CallFailed failure = first.get();
        if (failure == null) return;
        log.warn("the store did not delete all: {} {} remain, and the next sweep tries again", count.sum(), what);
        throw failure;
    }
}
