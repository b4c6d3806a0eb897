package dev.lunasec.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.bucket.Buckets;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.Store;
import dev.lunasec.operator.bucket.Store.Answer;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data is deleted for those who asked twice, and nothing hangs for ever on a store that is away. */
class DeletionTest {
    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World();
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void askedTwiceBucketAndKeyringGo() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.vault().delete();
        await().atMost(Duration.ofSeconds(20)).until(() -> world.vault().get() == null);
        assertThat(world.has("vault-keyring")).isFalse();
        assertThat(world.bucketExists()).isFalse();
        assertThat(events("Deleted")).hasSize(1);
    }

    @Test
    void askedOnceTheyStay() {
        vault(", deletionPolicy: Delete");
        world.vault().delete();
        await().atMost(Duration.ofSeconds(20)).until(() -> world.vault().get() == null);
        assertThat(world.has("vault-keyring")).isTrue();
        assertThat(world.bucketExists()).isTrue();
        assertThat(events("Retained"))
                .singleElement()
                .satisfies(event -> assertThat(event.getNote())
                        .contains("storage.confirmDeletion")
                        .contains(world.bucket()));
    }

    @Test
    void aPausedVaultKeepsItsDataUntilItGoesOn() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.pause(true);
        world.awaitCondition("Paused", "True", "Paused");
        int passes = world.passes.get();
        world.vault().delete();
        await().until(() -> world.passes.get() > passes);
        assertThat(world.bucketExists()).isTrue();
        assertThat(world.deployment().get()).isNotNull();
        world.pause(false);
        await().atMost(Duration.ofSeconds(20)).until(() -> world.vault().get() == null);
        assertThat(world.bucketExists()).isFalse();
    }

    @Test
    void aStoreThatIsAwayForAWhileIsWaitedFor() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.store.fault = (method, path, query, exchange) -> new Answer(503, "SlowDown");
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.has("vault-keyring")).isTrue();
        world.store.fault = Store.NONE;
        await().atMost(Duration.ofSeconds(40)).until(() -> world.vault().get() == null);
        assertThat(world.bucketExists()).isFalse();
    }

    @Test
    void aStoreThatStaysAwayLetsTheResourceGoAndKeepsTheData() throws Exception {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.stopOperator();
        world.store.fault = (method, path, query, exchange) -> new Answer(503, "SlowDown");
        try (Buckets buckets = new Buckets(Duration.ZERO)) {
            Deletion deletion = new Deletion(buckets);
            var vault = world.vault().get();
            assertThatThrownBy(() -> deletion.step(vault, world.client, 6, Instant.now()))
                    .isInstanceOf(StorageFailed.class);
            assertThat(deletion.step(vault, world.client, 7, Instant.now()).isRemoveFinalizer())
                    .isTrue();
        }
        assertThat(world.has("vault-keyring")).isTrue();
        assertThat(events("DeletionGivenUp"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getNote()).contains(world.bucket()).contains("delete them yourself"));
    }

    private void vault(String storage) {
        world.applyStorage(storage);
        world.awaitCondition("Ready", "True", "AllReady");
    }

    private List<Event> events(String reason) {
        return world.client.events().v1().events().inNamespace(world.namespace).list().getItems().stream()
                .filter(event -> event.getReason().equals(reason))
                .toList();
    }
}
