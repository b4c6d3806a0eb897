package dev.lunasec.tokenizer.job;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets so many pass in a second, evenly and in the order in which they came; what was not used up is not made up for. */
public final class RateLimiter {
    private final long nanosBetween;
    private long next = System.nanoTime();

    /**
     * Lets the first pass at once.
     *
     * @param rate per second; null for no limit
     */
    public RateLimiter(@Nullable Double rate) {
        nanosBetween = rate == null ? 0 : (long) (Duration.ofSeconds(1).toNanos() / rate);
    }

    /** Waits for its turn. */
    void pass() throws InterruptedException {
        long wait = reserve();
        if (wait > 0) TimeUnit.NANOSECONDS.sleep(wait);
    }

    private synchronized long reserve() {
        long now = System.nanoTime();
        long turn = next - now > 0 ? next : now;
        next = turn + nanosBetween;
        return turn - now;
    }
}
