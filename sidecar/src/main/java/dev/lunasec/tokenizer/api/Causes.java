package dev.lunasec.tokenizer.api;

import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.failure.Failure;
import dev.lunasec.tokenizer.ops.CauseChain;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log why calls are refused that nobody is to blame for but what the vault depends on, at most once a minute for each
 * failure.
 */
final class Causes {
    static final Duration EVERY = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(Causes.class);

    private final LongSupplier nanoTime;
    private final Map<Failure, Long> told = new EnumMap<>(Failure.class);

    /** @param nanoTime as {@link System#nanoTime()} */
    Causes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void tell(Failed failed) {
        if (due(failed.failure())) log.warn("{}: {}", failed.failure().code(), CauseChain.of(failed.getCause()));
    }

    private synchronized boolean due(Failure failure) {
        long now = nanoTime.getAsLong();
        Long before = told.get(failure);
        if (before != null && now - before < EVERY.toNanos()) return false;
        told.put(failure, now);
        return true;
    }
}
