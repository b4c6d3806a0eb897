package dev.lunasec.tokenizer.ops;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what is depended on, again and again, on a thread of its own, and logs what has changed. */
public final class HealthWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HealthWatch.class);
    private static final Duration WHILE_WELL = Duration.ofSeconds(10);
    private static final Duration WHILE_NOT = Duration.ofSeconds(2);

    private final List<String> names;
    private final Supplier<Health> look;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch firstLook = new CountDownLatch(1);
    private volatile Health health;

    /**
     * Does not look yet.
     *
     * @param names of the dependencies
     * @param look asks each of them, with a deadline
     */
    public HealthWatch(List<String> names, Supplier<Health> look) {
        this.names = List.copyOf(names);
        this.look = look;
        this.health = Health.all(names, "NotChecked", "The first check is under way.");
    }

    /** Begins to look. */
    public void start() {
        Thread.ofPlatform().name("self-check").daemon().start(this::run);
    }

    /** What the last look saw. */
    public Health health() {
        return health;
    }

    /** Waits until there was a look. */
    void awaitFirstLook() throws InterruptedException {
        firstLook.await();
    }

    @Override
    public void close() {
        stop.countDown();
    }

    private void run() {
        try {
            do {
                Health now = now();
                now.changedSince(health).forEach(HealthWatch::tell);
                health = now;
                firstLook.countDown();
            } while (!stop.await((health.ready() ? WHILE_WELL : WHILE_NOT).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever goes wrong in it is not ready: a check that died would leave the last answer standing for ever. */
    private Health now() {
        try {
            return look.get();
        } catch (RuntimeException e) {
            log.error("the self check is at fault", e);
            return Health.all(names, "CheckFailed", "The self check is at fault; see the log.");
        }
    }

    private static void tell(Health.Dependency now) {
        if (now.ok()) log.info("{} works", now.name());
        else log.warn("{}: {}: {}", now.name(), now.reason(), now.message());
    }
}
