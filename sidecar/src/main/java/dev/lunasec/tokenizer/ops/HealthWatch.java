package dev.lunasec.tokenizer.ops;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the dependencies periodically on its own thread, and logs what changed. */
public final class HealthWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);

    private final List<String> names;
    private final Supplier<Health> check;
    private final Intervals intervals;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch firstCheck = new CountDownLatch(1);
    private volatile Health health;

    /**
     * Does not check yet.
     *
     * @param names of the dependencies
     * @param check asks each of them, with a deadline
     * @param intervals between two checks
     */
    public HealthWatch(List<String> names, Supplier<Health> check, Intervals intervals) {
        this.names = List.copyOf(names);
        this.check = check;
        this.intervals = intervals;
        this.health = Health.all(names, "NotChecked", "The first check is under way.");
    }

    /** Starts to check. */
    public void start() {
        Thread.ofPlatform().name("self-check").daemon().start(this::run);
    }

    /** The result of the last check. */
    public Health health() {
        return health;
    }

    /** Waits until the first check is done. */
    void awaitFirstCheck() throws InterruptedException {
        firstCheck.await();
    }

    @Override
    public void close() {
        stop.countDown();
    }

    private void run() {
        try {
            do {
                Health now = now();
                now.changedSince(health).forEach(HealthWatch::logChange);
                health = now;
                firstCheck.countDown();
            } while (!stop.await(
                    (health.ready() ? intervals.whileReady() : intervals.whileNotReady()).toMillis(),
                    TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A check that throws counts as not ready, also if it throws an error, because memory or threads are short: if the
     * thread ended, the last result would stay for ever.
     */
    private Health now() {
        try {
            return check.get();
        } catch (Throwable e) {
            // A stop closes the clients of a check that is under way.
            if (stop.getCount() > 0) log.error("the self check failed", e);
            return Health.all(names, "CheckFailed", "The self check could not be done; see the log.");
        }
    }

    private static void logChange(Health.Dependency now) {
        if (now.ok()) log.info("{} works", now.name());
        else log.warn("{}: {}: {}", now.name(), now.reason(), now.message());
    }
}
