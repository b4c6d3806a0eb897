package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.TokenizerClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operator and workers are killed with SIGKILL after the first write of a rotation, after the second one of the next, and so on: every
 * time the rotation becomes complete, and every token reads.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RotationCrashTest {
    private static final int RECORDS = 3;

    @TempDir
    static Path folder;

    private static LocalSystem system;
    private static RotatingVault vault;
    private static TokenizerClient client;
    private static final Map<String, String> values = new LinkedHashMap<>();
    private static int rotation = 1;

    @BeforeAll
    static void start() throws Exception {
        system = new LocalSystem(folder.resolve("system"), line -> {});
        vault = new RotatingVault(system, "rotating", 1);
        client = vault.client("user", "session");
        for (int i = 0; i < RECORDS; i++) {
            String value = "value " + i;
            values.put(client.tokenize(value.getBytes(StandardCharsets.UTF_8)), value);
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        system.close();
    }

    @Test
    @Order(1)
    void theOperatorIsKilledAfterEachOfItsWritesInTurn() throws Exception {
        system.killOperator();
        List<String> writes = List.of();
        int fatal = 0;
        // Until a run has no such write any more: the one that nobody disturbs.
        while (writes.size() == fatal) {
            fatal++;
            assertThat(fatal).as("writes of one rotation").isLessThan(40);
            writes = rotateThrough(fatal);
            assertEveryTokenReads("the operator was killed after write " + fatal + " of " + writes);
        }
        assertThat(writes).as("what a rotation writes").hasSizeGreaterThan(10);
        System.out.println("The operator was killed after each of " + writes.size() + " writes: " + writes);
        system.startOperator();
    }

    /** Every write here counts, those of the status and of Events too, and every process gets to do one. */
    @Test
    @Order(2)
    void oneRotationIsMadeByOperatorsThatDieAfterTheirFirstWrite() throws Exception {
        system.killOperator();
        rotation++;
        vault.keys(keys());
        int killed = 0;
        for (int operators = 0; !isComplete(); operators++) {
            assertThat(operators).as("operators for one rotation").isLessThan(100);
            try (KillingFront front = new KillingFront(system.controlPlane(), 1, system::killOperator)) {
                system.startOperator(front.kubeconfig());
                await().atMost(RotatingVault.LONG).until(() -> front.hasKilled() || isComplete());
                if (front.hasKilled()) killed++;
                system.killOperator();
            }
        }
        system.startOperator();
        vault.awaitRotation(rotation);
        assertEveryTokenReads("every operator died after its first write");
        System.out.println("A rotation was made by " + killed + " operators that died after one write each.");
    }

    @Test
    @Order(3)
    void aWorkerIsKilledAfterEachOfItsWrites() throws Exception {
        List<String> writes = moveUntil(Integer.MAX_VALUE);
        assertThat(writes).as("what a worker writes").hasSize(2 * RECORDS);
        for (int fatal = 1; fatal <= writes.size(); fatal++) {
            moveUntil(fatal);
            assertEveryTokenReads("a worker was killed after write " + fatal + " of " + writes.size());
        }
        System.out.println("The worker was killed after each of " + writes.size() + " writes.");
    }

    /** One rotation by an operator that dies after a write, and by its successor; answers what the first one wrote. */
    private static List<String> rotateThrough(int fatal) throws Exception {
        rotation++;
        vault.keys(keys());
        try (KillingFront front = new KillingFront(
                system.controlPlane(), fatal, RotationCrashTest::changesTheVault, system::killOperator)) {
            system.startOperator(front.kubeconfig());
            await().atMost(RotatingVault.LONG).until(() -> front.hasKilled() || isComplete());
            if (front.hasKilled()) system.startOperator();
            vault.awaitRotation(rotation);
            system.killOperator();
            return front.writes();
        }
    }

    /** How often a status is written, and an Event, is a matter of timing. */
    private static boolean changesTheVault(String write) {
        return !write.endsWith("/status") && !write.endsWith("/events");
    }

    private static boolean isComplete() {
        return Objects.equals(vault.keysStatus().get("rotation"), rotation)
                && "NotRotating".equals(vault.keysStatus().get("step"));
    }

    private static List<String> moveUntil(int fatal) {
        List<String> writes = new CopyOnWriteArrayList<>();
        AtomicInteger number = new AtomicInteger();
        AtomicBoolean killed = new AtomicBoolean();
        system.store().onWrite(write -> {
            if (!write.contains(" records/")) return;
            writes.add(write);
            if (number.incrementAndGet() == fatal) {
                killed.set(true);
                for (String pod : vault.pods("rewrap")) system.node().kill(vault.namespace, pod);
            }
        });
        rotation++;
        vault.keys(keys());
        vault.awaitRotation(rotation);
        system.store().onWrite(write -> {});
        assertThat(killed.get()).isEqualTo(fatal != Integer.MAX_VALUE);
        return writes;
    }

    private static Map<String, Object> keys() {
        return Map.of("rotation", rotation, "gracePeriod", "0s", "rewrapWorkers", 1);
    }

    private static void assertEveryTokenReads(String when) {
        values.forEach((token, value) ->
                assertThat(client.detokenize(token)).as(when).isEqualTo(value.getBytes(StandardCharsets.UTF_8)));
    }
}
