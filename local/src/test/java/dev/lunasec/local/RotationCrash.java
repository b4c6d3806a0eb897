package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.TokenizerClient;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A vault with a few records whose operator and workers are killed with SIGKILL while it rotates its keys. */
final class RotationCrash implements AutoCloseable {
    static final int RECORDS = 2;
    /** The number of a write that does not come. */
    static final int NEVER = Integer.MAX_VALUE;

    private final LocalSystem system;
    private final RotatingVault vault;
    private final TokenizerClient client;
    private final Map<String, String> values = new LinkedHashMap<>();
    private int rotation = 1;

    RotationCrash(LocalSystem system, String namespace) throws Exception {
        this.system = system;
        vault = new RotatingVault(system, namespace, 1);
        client = vault.client("user", "session");
        for (int i = 0; i < RECORDS; i++) {
            String value = "value " + i;
            values.put(client.tokenize(value.getBytes(StandardCharsets.UTF_8)), value);
        }
    }

    /**
     * One rotation whose operator is killed after this write, counted from 1, and is started again.
     *
     * @return the writes of the first operator: fewer when the rotation had ended before
     */
    List<String> rotateWithOperatorKilledAfter(int fatal) throws Exception {
        system.killOperator();
        rotation++;
        vault.keys(keys());
        try (KillingFront front =
                new KillingFront(system.controlPlane(), fatal, RotationCrash::changesTheVault, system::killOperator)) {
            system.startOperator(front.kubeconfig());
            await().atMost(RotatingVault.LONG).until(() -> front.hasKilled() || isComplete());
            if (!front.hasKilled()) system.killOperator();
            system.startOperator();
            vault.awaitRotation(rotation);
            return front.writes();
        }
    }

    /** One rotation by operators each of which dies after its first write of any kind; returns how many died. */
    int rotateWithOperatorsThatDieAfterOneWrite() throws Exception {
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
        return killed;
    }

    /** One rotation whose worker is killed after this write to a record, counted from 1; returns all such writes. */
    List<String> rotateWithWorkerKilledAfter(int fatal) {
        List<String> writes = new CopyOnWriteArrayList<>();
        AtomicInteger number = new AtomicInteger();
        AtomicBoolean killed = new AtomicBoolean();
        system.store().onWrite(write -> {
            // The operator puts the start marker of the share; it lies beside the folders of the shares.
            if (!write.matches("\\S+ records/\\d+/.*")) return;
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
        assertThat(killed.get()).isEqualTo(fatal != NEVER);
        return writes;
    }

    void assertEveryTokenReads(String when) {
        values.forEach((token, value) ->
                assertThat(client.detokenize(token)).as(when).isEqualTo(value.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        client.close();
        SharedSystem.delete(vault.namespace);
    }

    /** How often a status is written, and an Event, is a matter of timing. */
    private static boolean changesTheVault(String write) {
        return !write.endsWith("/status") && !write.endsWith("/events");
    }

    private boolean isComplete() {
        return Objects.equals(vault.keysStatus().get("rotation"), rotation)
                && "NotRotating".equals(vault.keysStatus().get("step"));
    }

    private Map<String, Object> keys() {
        return Map.of("rotation", rotation, "gracePeriod", "0s", "rewrapWorkers", 1);
    }
}
