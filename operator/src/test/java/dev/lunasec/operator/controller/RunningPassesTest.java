package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One namespace never takes the threads of all. */
@Tag("pure")
class RunningPassesTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final RunningPasses passes =
            new RunningPasses(new PassLimits(4, 2, Duration.ofMinutes(2), Duration.ofMinutes(2)), metrics);

    @Test
    void aNamespaceWithItsSharePostponesItsOwnPassesOnly() {
        RunningPasses.Pass first = passes.begin("a");
        RunningPasses.Pass second = passes.begin("a");
        assertThat(second.mayRun()).isTrue();
        try (RunningPasses.Pass third = passes.begin("a");
                RunningPasses.Pass other = passes.begin("b")) {
            assertThat(third.mayRun()).isFalse();
            assertThat(other.mayRun()).isTrue();
            assertThat(active()).isEqualTo(3);
        }
        assertThat(active()).isEqualTo(2);
        assertThat(metrics.get("tokenizer.operator.passes.postponed").counter().count())
                .isEqualTo(1);

        first.close();
        assertThat(passes.begin("a").mayRun()).isTrue();
    }

    @Test
    void aStopWaitsForRunningPassesAndLetsNoOtherBegin() throws Exception {
        RunningPasses.Pass running = passes.begin("a");
        passes.stop(Duration.ofMillis(1));
        assertThat(active()).isEqualTo(1);
        assertThat(passes.begin("b").mayRun()).isFalse();

        Thread stop = Thread.ofPlatform().start(() -> {
            try {
                passes.stop(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
        running.close();
        assertThat(stop.join(Duration.ofSeconds(30))).isTrue();
    }

    private double active() {
        return metrics.get("tokenizer.operator.passes.active").gauge().value();
    }
}
