package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.World;
import dev.lunasec.operator.bucket.s3.Store;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The bucket is proven to be the vault's, and the listings lack objects of it: a proxy hides one prefix, or the
 * endpoint leads to a replica without the older objects. No share is retired or destroyed, nothing is deleted, and the
 * operator goes on when the listings are complete again.
 */
@Tag("api-server")
class IncompleteListingTest {
    private static final String RECORD = "records/1/0123456789abcdef0123456789abcdef";
    private static final String NO_GRACE = "  keys: {rotation: 2, gracePeriod: 0s}\n";

    private final World world;

    IncompleteListingTest() throws Exception {
        world = new World();
    }

    @BeforeEach
    void aVaultWithARecord() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        world.put(RECORD);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    /** One rotation, in which the proxy hides the records at each moment at which an empty listing would be a proof. */
    @Test
    void noShareBecomesPrimaryOrIsRetiredOrDestroyedWhileAProxyHidesTheRecords() {
        world.store.fault = Store.hiding("records/");
        world.apply("  keys: {rotation: 2, gracePeriod: 2h}\n");
        await().until(() -> world.condition("Rotating").getMessage().contains("start markers of share 2"));
        assertThat(world.condition("Rotating").getReason()).isEqualTo("Promoting");
        assertThat(keyring()).containsEntry("primary", base64("1")).containsKeys("share-1", "share-2");

        world.store.fault = Store.NONE;
        beforeTheRetirement();
        assertThat(world.store.requests())
                .filteredOn(request -> request.matches("PUT .*/records/start-2-.*"))
                .as("a marker that the store hides is not put again in each pass")
                .hasSize(1);
        world.store.fault = Store.hiding("records/");
        endOfTheWork();
        world.awaitCondition("Rotating", "True", "ListingIncomplete");
        assertThat(world.condition("Rotating").getMessage()).contains("start markers of share 1", "docs/operations.md");
        assertThat(keyring()).containsKeys("share-1", "share-2");
        assertThat(world.has("vault-keyring-retired")).isFalse();

        world.store.fault = Store.NONE;
        world.remove(RECORD);
        await().until(() -> world.job("vault-sweep-share-1") != null);
        endOfTheWork();
        world.awaitCondition("Rotating", "False", "NotRotating");
        assertThat(keyring()).doesNotContainKey("share-1");

        // A record comes late, and would bring the share back.
        world.store.fault = Store.hiding("records/");
        world.put(RECORD);
        world.apply(NO_GRACE);
        world.awaitCondition("Rotating", "True", "ListingIncomplete");
        assertThat(world.secret("vault-keyring-retired").getData()).containsKey("share-1");

        world.store.fault = Store.NONE;
        await().untilAsserted(() -> assertThat(keyring()).containsKeys("share-1", "share-2"));
    }

    @Test
    void nothingIsRetiredWrittenOrDeletedWhileAProxyHidesTheIdentity() {
        List<String> before = world.objects();
        Map<String, String> keys = keyring();
        world.store.fault = Store.hiding("vault/");
        world.apply(", deletionPolicy: Delete, confirmDeletion: " + world.bucket(), NO_GRACE);
        world.awaitCondition("StorageReady", "False", "WrongBucket");
        assertThat(world.condition("StorageReady").getMessage()).contains("lacks the object vault/" + vaultId());
        world.vault().delete();
        world.awaitCondition("Ready", "False", "DeletionWaits");
        assertThat(world.condition("Ready").getMessage()).contains("not proven", "deletes nothing");
        assertThat(keyring())
                .containsEntry("share-1", keys.get("share-1"))
                .containsEntry("primary", base64("1"))
                .doesNotContainKey("deleting");
        assertThat(world.objects()).isEqualTo(before);
        assertThat(world.store.requests())
                .filteredOn(request -> request.startsWith("PUT /" + world.bucket() + "/vault/"))
                .as("when the vault was bound, and not again")
                .hasSize(1);
    }

    /** The replication began when share 1 had records already, and somebody copied the identity by hand. */
    @Test
    void aRotationOnAReplicaWithoutTheOldRecordsKeepsTheirShare() {
        world.remove(RECORD);
        startMarkers(1).forEach(world::remove);
        world.put("records/1/fedcba9876543210fedcba9876543210");
        world.apply(NO_GRACE);
        beforeTheRetirement();
        world.remove("records/1/fedcba9876543210fedcba9876543210");
        endOfTheWork();
        world.awaitCondition("Rotating", "True", "ListingIncomplete");
        assertThat(keyring()).containsKeys("share-1", "share-2");
        assertThat(world.has("vault-keyring-retired")).isFalse();

        // The endpoint leads to the primary again.
        startMarkers(1).forEach(world::put);
        world.put(RECORD);
        world.awaitCondition("Rotating", "True", "Rewrapping");
    }

    /** Waits until the share can be retired as soon as the Jobs have done their work. */
    private void beforeTheRetirement() {
        await().until(() -> world.job("vault-rewrap-1") != null || world.job("vault-sweep-share-1") != null);
    }

    private void endOfTheWork() {
        for (String job : List.of("vault-rewrap-1", "vault-sweep-share-1")) {
            if (world.job(job) != null) world.complete(job);
        }
    }

    private Map<String, String> keyring() {
        return world.secret("vault-keyring").getData();
    }

    private List<String> startMarkers(int share) {
        return BucketLayout.startMarkers(vaultId(), share);
    }

    private VaultId vaultId() {
        return VaultId.of(Base64.getDecoder().decode(keyring().get("lookup")));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
