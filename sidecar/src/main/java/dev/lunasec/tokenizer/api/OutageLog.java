package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.ops.CauseChain;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs why calls fail because of a dependency of the vault, at most once a minute for each error code. */
final class OutageLog {
    static final Duration EVERY = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(OutageLog.class);

    private final LongSupplier nanoTime;
    private final Map<ErrorCode, Long> logged = new EnumMap<>(ErrorCode.class);

    /** @param nanoTime as {@link System#nanoTime()} */
    OutageLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void report(CallFailed failed) {
        // BucketIdentity logged it when it began.
        if (failed.failure() == ErrorCode.WRONG_BUCKET) return;
        if (due(failed.failure())) log.warn("{}: {}", failed.failure().code(), CauseChain.of(failed.getCause()));
    }

    private synchronized boolean due(ErrorCode failure) {
        long now = nanoTime.getAsLong();
        Long before = logged.get(failure);
        if (before != null && now - before < EVERY.toNanos()) return false;
        logged.put(failure, now);
        return true;
    }
}
