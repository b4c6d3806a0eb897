package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.World;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An operator that is stopped, as by an upgrade, ends the passes that run. */
@Tag("api-server")
class OperatorStopTest {
    /** Holds a pass when it reads the keyring. */
    private static final class HeldPass implements Interceptor {
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean holding;

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (!holding || !request.uri().getPath().endsWith("/secrets/vault-keyring")) return;
            held.countDown();
            try {
                released.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aPassThatRunsWhileTheOperatorStopsStillSeesThePods() throws Exception {
        World world = World.withoutOperator();
        HeldPass pass = new HeldPass();
        OperatorRuntime operator = world.operator(pass);
        operator.start();
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");

        pass.holding = true;
        world.secret("s3-credentials", "accessKeyId", World.ACCESS, "secretAccessKey", World.SECRET, "note", "unused");
        assertThat(pass.held.await(30, TimeUnit.SECONDS)).isTrue();
        Thread stop = Thread.ofPlatform().start(operator::close);
        await().until(() -> waitsForPasses(stop) || !operator.isReady());
        assertThat(operator.isReady()).as("the watches work while a pass runs").isTrue();
        pass.released.countDown();
        stop.join();
        assertThat(world.condition("Ready").getReason()).isEqualTo("AllReady");
        world.close();
    }

    private static boolean waitsForPasses(Thread stop) {
        return Arrays.stream(stop.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(RunningPasses.class.getName()));
    }
}
