package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of two operators one works; when it ends, the other takes over. */
@Tag("api-server")
class LeaderElectionTest {
    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        world.stopOperator();
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void theSecondTakesOver() {
        world.startOperator(new RuntimeSettings.Lease(world.namespace, "of-a-release", "one"));
        await().until(() -> "one".equals(leader()));
        try (OperatorRuntime second =
                world.operator(new RuntimeSettings.Lease(world.namespace, "of-a-release", "two"), () -> {})) {
            second.start();
            assertThat(second.isReady()).as("on the standby, too").isTrue();
            world.apply("");
            world.awaitCondition("Ready", "True", "AllReady");
            assertThat(leader()).isEqualTo("one");

            world.stopOperator();
            await().until(() -> "two".equals(leader()));
            world.apply("  replicas: 3\n");
            await().until(() -> world.deployment().get().getSpec().getReplicas() == 3);
        }
    }

    private String leader() {
        var lease = world.client
                .leases()
                .inNamespace(world.namespace)
                .withName("of-a-release")
                .get();
        return lease == null ? "" : String.valueOf(lease.getSpec().getHolderIdentity());
    }
}
