package dev.lunasec.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.World;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.bucket.s3.Store;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import dev.lunasec.operator.observe.VaultObserver;
import dev.lunasec.s3.S3Connection;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/** Data is deleted only if the resource asks twice, and no failure keeps the resource forever. */
@Tag("api-server")
class VaultDeletionTest {
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
    void bucketAndKeyringAreDeletedIfAskedTwice() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        assertThat(world.has("vault-keyring")).isFalse();
        assertThat(world.bucketExists()).isFalse();
        assertThat(events("Deleted")).hasSize(1);
    }

    /** No garbage collector runs here, so the operator itself has deleted what is gone. */
    @Test
    void jobsAreDeletedBeforeTheData() {
        String storage = ", deletionPolicy: Delete, confirmDeletion: " + world.bucket();
        vault(storage);
        world.apply(storage, "  keys: {rotation: 2}\n");
        await().until(() -> world.job("vault-sweep-share-1") != null);
        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        assertThat(world.job("vault-sweep-share-1")).isNull();
        assertThat(world.client
                        .batch()
                        .v1()
                        .cronjobs()
                        .inNamespace(world.namespace)
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void dataStaysIfAskedOnce() {
        vault(", deletionPolicy: Delete");
        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        assertThat(world.has("vault-keyring")).isTrue();
        assertThat(world.bucketExists()).isTrue();
        assertThat(events("Retained"))
                .singleElement()
                .satisfies(event -> assertThat(event.getNote())
                        .contains("storage.confirmDeletion")
                        .contains(world.bucket()));
    }

    @Test
    void aPausedVaultKeepsItsDataUntilItIsResumed() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.pause(true);
        world.awaitCondition("Paused", "True", "Paused");
        world.awaitPassAfter(() -> world.vault().delete());
        assertThat(world.bucketExists()).isTrue();
        assertThat(world.deployment().get()).isNotNull();
        world.pause(false);
        await().until(() -> world.vault().get() == null);
        assertThat(world.bucketExists()).isFalse();
    }

    @Test
    void deletionWaitsForAStoreThatIsUnavailableForAWhile() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.store.fault = (method, path, query, exchange) -> new Answer(503, "SlowDown");
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.has("vault-keyring")).isTrue();
        world.store.fault = Store.NONE;
        await().until(() -> world.vault().get() == null);
        assertThat(world.bucketExists()).isFalse();
    }

    @Test
    void ifTheStoreStaysUnavailableTheResourceIsDeletedAndTheDataStays() throws Exception {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.stopOperator();
        world.store.fault = (method, path, query, exchange) -> new Answer(503, "SlowDown");
        assertThatThrownBy(() -> step(6)).isInstanceOf(StorageFailed.class);
        assertThat(step(7).isRemoveFinalizer()).isTrue();
        assertThat(world.has("vault-keyring")).isTrue();
        assertThat(events("DeletionGivenUp"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getNote()).contains(world.bucket()).contains("delete them yourself"));
    }

    /** The bucket existed before and holds objects that no vault has written, so the vault never used it. */
    @Test
    void aBucketOfSomeoneElseStays() throws Exception {
        try (S3Connection store = world.connection()) {
            store.s3().createBucket(create -> create.bucket(world.bucket()));
            store.s3().putObject(put -> put.bucket(world.bucket()).key("index.html"), RequestBody.fromString("<html>"));
            world.applyStorage(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
            world.awaitCondition("Ready", "False", "BucketNotOwned");
            world.vault().delete();
            world.awaitCondition("Ready", "False", "DeletionWaits");
            assertThat(step(7).isRemoveFinalizer()).isTrue();
            assertThat(events("DeletionGivenUp")).isNotEmpty();
            assertThat(store.s3()
                            .listObjectsV2(list -> list.bucket(world.bucket()))
                            .contents())
                    .hasSize(1);
        }
    }

    /** The store answers NoSuchBucket, which is no proof that the bucket of the vault is gone. */
    @Test
    void aTypoInTheEndpointDoesNotDeleteTheKeys() throws Exception {
        vault("");
        world.stopOperator();
        String twice = ", deletionPolicy: Delete, confirmDeletion: " + world.bucket();
        try (Store typo = new Store()) {
            world.applyElsewhere(typo.endpoint(), world.bucket(), twice, "");
            world.vault().delete();
            assertThatThrownBy(() -> step(0))
                    .isInstanceOf(StorageFailed.class)
                    .hasMessageContaining("WrongBucket")
                    .hasMessageContaining("spec.storage");
            assertThat(step(7).isRemoveFinalizer()).isTrue();
        }
        assertThat(events("DeletionGivenUp")).isNotEmpty();
        assertThat(world.has("vault-keyring")).isTrue();
        assertThat(world.bucketExists()).isTrue();
    }

    /** Somebody deleted the bucket before the operator began to delete it. */
    @Test
    void aBucketThatIsGoneCountsAsDeletedOnlyAfterItsDeletionBegan() throws Exception {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.stopOperator();
        world.vault().delete();
        try (S3Connection store = world.connection()) {
            store.s3()
                    .listObjectsV2(list -> list.bucket(world.bucket()))
                    .contents()
                    .forEach(object -> store.s3()
                            .deleteObject(
                                    delete -> delete.bucket(world.bucket()).key(object.key())));
            store.s3().deleteBucket(delete -> delete.bucket(world.bucket()));
        }
        assertThatThrownBy(() -> step(0)).isInstanceOf(StorageFailed.class).hasMessageContaining("NoSuchBucket");
        assertThat(world.has("vault-keyring")).isTrue();
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .edit(secret -> secret.edit().addToData("deleting", "eA==").build());
        assertThat(step(0).isRemoveFinalizer()).isTrue();
        assertThat(world.has("vault-keyring")).isFalse();
    }

    /** The store was away for too long, and the resource was created again. */
    @Test
    void aDeletionThatWasGivenUpIsForgottenByAVaultThatLivesOn() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .edit(secret -> secret.edit().addToData("deleting", "eA==").build());
        await().untilAsserted(() ->
                assertThat(world.secret("vault-keyring").getData()).doesNotContainKey("deleting"));
        assertThat(world.secret("vault-keyring").getData()).containsKeys("share-1", "location");
    }

    @Test
    void aBucketWithObjectsOfOthersStaysWithTheKeys() throws Exception {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        try (S3Connection store = world.connection()) {
            store.s3().putObject(put -> put.bucket(world.bucket()).key("index.html"), RequestBody.fromString("<html>"));
        }
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.condition("Ready").getMessage()).contains("no vault has written");
        assertThat(world.secret("vault-keyring").getData()).doesNotContainKey("deleting");
        assertThat(world.bucketExists()).isTrue();
    }

    /** Of a vault that had the name before. */
    @Test
    void retiredSharesOfAnotherVaultStay() {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.secret("vault-keyring-retired", "share-1", "another");
        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        assertThat(world.has("vault-keyring")).isFalse();
        assertThat(world.has("vault-keyring-retired")).isTrue();
    }

    @Test
    void aBucketWithProvisioningVerifyStays() throws Exception {
        try (S3Connection store = world.connection()) {
            store.s3().createBucket(create -> create.bucket(world.bucket()));
        }
        vault(", provisioning: Verify, deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.condition("Ready").getMessage()).contains("storage.provisioning");
        assertThat(world.bucketExists()).isTrue();
    }

    /** Who may create a resource does not get the rights of the operator's own identity. */
    @Test
    void aVaultWithoutCredentialsReachesNoBucket() {
        world.applyWithoutCredentials();
        world.awaitCondition("StorageReady", "False", "CredentialsMissing");
        assertThat(world.condition("StorageReady").getMessage())
                .contains("storage.credentials")
                .contains("allowOwnIdentity");
        assertThat(world.bucketExists()).isFalse();
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.condition("Ready").getMessage()).contains("storage.credentials");
    }

    /** As on a node that has failed: nobody reports that the pod has ended. */
    @Test
    void deletionReportsAPodThatDoesNotEndAndGivesUp() throws Exception {
        vault(", deletionPolicy: Delete, confirmDeletion: " + world.bucket());
        world.podOnADeadNode("vault-dead");
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.condition("Ready").getMessage()).contains("vault-dead").contains("node");
        world.stopOperator();
        world.client.pods().inNamespace(world.namespace).withName("vault-dead").delete();
        String end = world.client
                .pods()
                .inNamespace(world.namespace)
                .withName("vault-dead")
                .get()
                .getMetadata()
                .getDeletionTimestamp();
        Instant graceIsOver = Instant.parse(end);
        assertThat(step(0, graceIsOver.plusSeconds(60)).isRemoveFinalizer()).isFalse();
        assertThat(step(0, graceIsOver.plusSeconds(180)).isRemoveFinalizer()).isTrue();
        assertThat(world.has("vault-keyring")).isTrue();
        assertThat(world.bucketExists()).isTrue();
        assertThat(events("DeletionGivenUp"))
                .singleElement()
                .satisfies(event -> assertThat(event.getNote())
                        .contains("vault-dead")
                        .contains(world.bucket())
                        .contains("delete them yourself"));
    }

    private DeleteControl step(int failures) throws Exception {
        return step(failures, Instant.now());
    }

    private DeleteControl step(int failures, Instant now) throws Exception {
        try (BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(100))) {
            return new VaultDeletion(new VaultObserver(world.settings(null).vaults(), buckets), buckets)
                    .step(world.vault().get(), world.client, failures, now)
                    .control();
        }
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
