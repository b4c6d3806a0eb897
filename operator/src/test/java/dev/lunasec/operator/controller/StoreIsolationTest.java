package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stores that hang or flood delay the passes of their own vaults, and of no others. */
@Tag("api-server")
class StoreIsolationTest {
    private static final int HANG = 40;
    private static final int FLOOD = 4;
    /** More than the ten passes that the operator once ran at the same time. */
    private static final int MANY = 15;

    private World world;
    private HostileStores hostile;

    @BeforeEach
    void start() throws Exception {
        world = World.withoutOperator();
        hostile = new HostileStores();
    }

    @AfterEach
    void stop() throws Exception {
        hostile.close();
        world.close();
    }

    @Test
    void aVaultBecomesReadyWhileTheStoresOfFortyOthersHangAndThoseOfFourFlood() {
        for (int i = 0; i < HANG; i++) world.applyAnother("hang-" + i, hostile.endpoint());
        for (int i = 0; i < FLOOD; i++) world.applyAnother("flood-" + i, hostile.endpoint());
        // With the pauses of production, in which the floods are not asked again and again.
        world.startOperatorWithin(PassLimits.DEFAULT);
        await().until(() -> world.runningPasses() >= MANY);

        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @Test
    void passesArePostponedWhileTheirNamespaceHasItsShare() {
        world.startOperatorWithin(
                new PassLimits(10, 2, PassLimits.DEFAULT.interval(), PassLimits.DEFAULT.longestWait()));
        for (int i = 0; i < 5; i++) world.applyAnother("hang-" + i, hostile.endpoint());
        await().until(() -> postponed() > 0);
        assertThat(world.scrape())
                .contains("tokenizer_operator_passes_limit 10.0")
                .contains("tokenizer_operator_store_answers_active ")
                .contains("tokenizer_operator_store_answers_limit 4.0");
    }

    private double postponed() {
        return world.scrape()
                .lines()
                .filter(line -> line.startsWith("tokenizer_operator_passes_postponed_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
