package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.World;
import dev.lunasec.operator.bucket.s3.ManyRecords;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A whole pass of the operator, whose requests to the store do not grow with the vault. */
@Tag("api-server")
class PassOverManyRecordsTest {
    private static final String FIRST = "records/1/00000000000000000000000000000000";

    /** So that passes begin by themselves, and each of them checks the bucket. */
    private static final PassLimits OFTEN = new PassLimits(10, 10, Duration.ofSeconds(3), Duration.ofSeconds(3));

    private World world;

    @BeforeEach
    void start() throws Exception {
        world = World.withoutOperator();
        world.startOperatorWithin(OFTEN);
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        world.put(FIRST);
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void aPassOverAMillionRecordsMakesAsManyRequestsAsOneOverAThousand() {
        world.store.fault = new ManyRecords(1_000);
        List<String> few = requestsOfAPass();
        world.store.fault = new ManyRecords(1_000_000);
        List<String> many = requestsOfAPass();
        System.out.printf(
                "A pass makes %d requests to the store with 1,000 records, and %d with 1,000,000.%n",
                few.size(), many.size());
        assertThat(few).hasSizeGreaterThan(10);
        assertThat(many).hasSameSizeAs(few);
    }

    /** The requests to the store between the ends of two passes. */
    private List<String> requestsOfAPass() {
        awaitEndOfPass();
        long passes = world.passes();
        int before = world.store.requests().size();
        awaitEndOfPass();
        List<String> all = world.store.requests();
        assertThat(world.passes()).isEqualTo(passes + 1);
        return all.subList(before, all.size());
    }

    private void awaitEndOfPass() {
        long passes = world.passes();
        await().pollInterval(Duration.ofMillis(20)).until(() -> world.passes() > passes && world.runningPasses() == 0);
    }
}
