package dev.lunasec.tokenizer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.tokenizer.ops.Health.Dependency;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks go on, whatever one of them throws. */
@Tag("pure")
class HealthWatchTest {
    private static final Duration SOON = Duration.ofMillis(1);

    @Test
    void aCheckThatEndsWithAnErrorOfJavaIsNoReadinessAndTheNextOneIsDone() {
        AtomicBoolean fails = new AtomicBoolean();
        try (HealthWatch watch = new HealthWatch(
                List.of("redis"),
                () -> {
                    if (fails.get()) throw new InternalError("no thread");
                    return Health.of(Dependency.ok("redis"));
                },
                new Intervals(SOON, SOON, SOON))) {
            watch.start();
            await().until(() -> watch.health().ready());
            fails.set(true);
            await().until(() -> !watch.health().ready());
            assertThat(watch.health().dependencies())
                    .extracting(Dependency::reason)
                    .containsExactly("CheckFailed");
            fails.set(false);
            await().until(() -> watch.health().ready());
        }
    }
}
