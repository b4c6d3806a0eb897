package dev.lunasec.operator.controller;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.VaultId;
import dev.lunasec.contract.VaultIdentity;
import dev.lunasec.operator.World;
import dev.lunasec.operator.bucket.s3.Store;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/** A resource that names another store than the keyring pins changes no pod, and costs no key and no object. */
@Tag("api-server")
class WrongBucketTest {
    private World world;
    private Store other;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        other = new Store();
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
        other.close();
    }

    /** The share would be destroyed, because an empty store lists none of its records. */
    @Test
    void anEmptyStoreAtAnotherEndpointReachesNoPodAndDestroysNoKey() {
        putRecord();
        Map<String, String> keys = keyring().getData();
        String settings = settings();
        Map<String, NetworkPolicySpec> policies = policies();
        assertThat(policies).containsKeys("vault", "vault-maintenance");
        Long generation = world.deployment().get().getMetadata().getGeneration();
        world.applyElsewhere(
                other.endpoint(), world.bucket(), ", provisioning: Create", "  keys: {rotation: 2, gracePeriod: 1s}\n");
        world.awaitCondition("StorageReady", "False", "WrongBucket");
        assertThat(world.condition("StorageReady").getMessage())
                .contains("remove the key location")
                .contains("tokenizer bind");
        world.awaitPassAfter(() -> world.secret(
                "s3-credentials", "accessKeyId", World.ACCESS, "secretAccessKey", World.SECRET, "note", "unused"));
        assertThat(keyring().getData()).isEqualTo(keys);
        assertThat(settings()).isEqualTo(settings);
        assertThat(policies()).isEqualTo(policies);
        assertThat(world.deployment().get().getMetadata().getGeneration()).isEqualTo(generation);
        assertThat(other.requests()).isEmpty();

        world.apply("  keys: {rotation: 2, gracePeriod: 1s}\n");
        world.awaitCondition("StorageReady", "True", "Ready");
        await().untilAsserted(() -> assertThat(keyring().getData()).containsKeys("share-1", "share-2"));
    }

    /** The pods that run have the keys, and serve on. */
    @Test
    void anotherStoreDoesNotReachThePodsWhileTheKeyringIsUnreadable() {
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .edit(secret -> secret.edit().addToData("primary", "eA==").build());
        world.awaitCondition("KeysReady", "False", "KeyringUnreadable");
        String settings = settings();
        Map<String, NetworkPolicySpec> policies = policies();
        world.awaitPassAfter(() -> world.applyElsewhere(other.endpoint(), world.bucket(), "", ""));
        assertThat(settings()).isEqualTo(settings);
        assertThat(policies()).isEqualTo(policies);
    }

    /** Two clusters with copies of one keyring: the pods of one would store tokens that the other cannot read. */
    @Test
    void aVaultWhoseBucketBelongsToAnotherClusterCanBeStoppedAndGetsNoPods() {
        byte[] lookup = Base64.getDecoder().decode(keyring().getData().get("lookup"));
        putIdentity("another-cluster", lookup);
        await().until(() -> {
            world.awaitPassAfter(this::touchCredentials);
            return "WrongBucket".equals(world.condition("StorageReady").getReason());
        });
        assertThat(world.condition("StorageReady").getMessage()).contains("another-cluster");
        world.apply("  replicas: 0\n");
        await().until(() -> world.deployment().get().getSpec().getReplicas() == 0);
        world.deployment().delete();
        await().until(() -> world.deployment().get() == null);
        world.awaitPassAfter(this::touchCredentials);
        assertThat(world.deployment().get()).isNull();

        putIdentity(cluster(), lookup);
        await().untilAsserted(() -> assertThat(world.deployment().get()).isNotNull());
    }

    private void putIdentity(String cluster, byte[] lookup) {
        VaultId id = VaultId.of(lookup);
        VaultIdentity identity = new VaultIdentity(id, world.namespace, "vault", cluster, "2026-01-01T00:00:00Z");
        try (S3Connection connection = world.connection()) {
            connection
                    .s3()
                    .putObject(
                            put -> put.bucket(world.bucket()).key(BucketLayout.vault(id)),
                            RequestBody.fromBytes(identity.write(lookup)));
        }
    }

    private String cluster() {
        return world.client
                .namespaces()
                .withName("kube-system")
                .get()
                .getMetadata()
                .getUid();
    }

    /** Starts a pass. */
    private void touchCredentials() {
        String note = UUID.randomUUID().toString();
        world.secret("s3-credentials", "accessKeyId", World.ACCESS, "secretAccessKey", World.SECRET, "note", note);
    }

    /** A keyring is kept by default when its vault is deleted. */
    @Test
    void aNewResourceOfTheSameNameWithAnotherBucketDoesNotDeleteTheKeyring() {
        Map<String, String> keys = keyring().getData();
        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        collectGarbage();
        String bucket = world.bucket() + "-2";
        world.applyElsewhere(
                world.store.endpoint(), bucket, ", deletionPolicy: Delete, confirmDeletion: " + bucket, "");
        world.awaitCondition("StorageReady", "False", "WrongBucket");
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.condition("Ready").getMessage()).contains("WrongBucket");
        assertThat(keyring().getData()).isEqualTo(keys);
        assertThat(world.bucketExists()).isTrue();
    }

    @Test
    void aVaultWhoseLocationSomebodyRemovedIsBoundToTheBucketWithItsIdentity() {
        String location = Objects.requireNonNull(keyring().getData().get("location"));
        release(() -> {});
        await().untilAsserted(() -> assertThat(keyring().getData()).containsEntry("location", location));
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @Test
    void aVaultWhoseLocationSomebodyRemovedIsNotBoundToAnEmptyBucket() {
        try (S3Connection empty = new S3Connection(
                new StoreLocation(world.bucket(), "us-east-1", other.endpoint(), true),
                new AccessKeys(World.ACCESS, World.SECRET),
                null)) {
            empty.s3().createBucket(create -> create.bucket(world.bucket()));
        }
        release(() -> world.applyElsewhere(other.endpoint(), world.bucket(), "", ""));
        world.awaitCondition("StorageReady", "False", "Unbound");
        assertThat(world.condition("StorageReady").getMessage()).contains("tokenizer bind");
        assertThat(keyring().getData()).doesNotContainKey("location");
        assertThat(settings()).contains(world.store.endpoint().toString());
    }

    /** No controller deletes here what belonged to a resource that is gone. */
    private void collectGarbage() {
        Stream.of(
                        Service.class,
                        ConfigMap.class,
                        Deployment.class,
                        StatefulSet.class,
                        CronJob.class,
                        NetworkPolicy.class,
                        PodDisruptionBudget.class)
                .forEach(kind -> world.client
                        .resources(kind)
                        .inNamespace(world.namespace)
                        .delete());
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-redis")
                .delete();
    }

    /** Removes the location while the operator does nothing, together with another change. */
    private void release(Runnable change) {
        world.pause(true);
        world.awaitCondition("Paused", "True", "Paused");
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .edit(secret -> secret.edit().removeFromData("location").build());
        change.run();
        world.pause(false);
    }

    private Secret keyring() {
        return world.secret("vault-keyring");
    }

    private String settings() {
        return requireNonNull(world.client
                .configMaps()
                .inNamespace(world.namespace)
                .withName("vault-settings")
                .get()
                .getData()
                .get("settings.json"));
    }

    /** The specs of the policies by name: they permit the port of the store. */
    private Map<String, NetworkPolicySpec> policies() {
        return world.client.network().v1().networkPolicies().inNamespace(world.namespace).list().getItems().stream()
                .collect(Collectors.toMap(policy -> policy.getMetadata().getName(), NetworkPolicy::getSpec));
    }

    private void putRecord() {
        try (S3Connection connection = world.connection()) {
            connection
                    .s3()
                    .putObject(put -> put.bucket(world.bucket()).key("records/1/some"), RequestBody.fromString("{}"));
        }
    }
}
