package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.ErasureReceipt;
import dev.lunasec.client.TokenizerException;
import dev.lunasec.contract.BucketLayout;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The life of a vault on real stores: each test continues with the vault of the one before. */
@Tag("stores")
@ParameterizedClass
@MethodSource("dev.lunasec.local.VaultOnStore#all")
@TestMethodOrder(OrderAnnotation.class)
class StoreJourneyTest {
    private static final byte[] VALUE = "a value".getBytes(StandardCharsets.UTF_8);
    private static final Duration LONG = RotatingVault.LONG;
    private static final LocalSystem system = SharedSystem.get();

    private final VaultOnStore on;
    private final RotatingVault vault;
    private final OwnersBucket bucket;

    StoreJourneyTest(VaultOnStore on) {
        this.on = on;
        this.vault = on.vault();
        this.bucket = on.bucket;
    }

    @BeforeParameterizedClassInvocation
    static void start(VaultOnStore on) throws Exception {
        on.start(system);
    }

    @Test
    @Order(1)
    void anApplicationStoresAndReads(@TempDir Path folder) throws Exception {
        RoundTrip.run(vault.url, system.application(), on.store.place().authority(), folder);
    }

    @Test
    @Order(2)
    void anErasureLeavesNoVersionMarkerOrUploadOfTheToken() {
        String token = on.user().tokenize(VALUE);
        ErasureReceipt.Erasure erasure = verified(on.application().erase(token), token);
        String record = BucketLayout.record(1, erasure.record());
        String object = BucketLayout.object(erasure.object());
        assertThat(bucket.everything(record)).isEmpty();
        assertThat(bucket.everything(object)).isEmpty();

        // The names are known now, so the same token is erased once more, with all that a bucket can keep of a name.
        bucket.put(record, VALUE);
        if (on.versioned) {
            bucket.overwriteAndHide(record, VALUE);
            bucket.overwriteAndHide(object, VALUE);
        }
        bucket.beginUpload(object);
        assertThat(bucket.everything(object)).hasSizeGreaterThanOrEqualTo(on.versioned ? 3 : 1);
        assertThat(bucket.everything(record)).hasSizeGreaterThanOrEqualTo(on.versioned ? 3 : 1);
        assertThat(verified(on.application().erase(token), token)).isEqualTo(erasure);
        assertThat(bucket.everything(record)).isEmpty();
        assertThat(bucket.everything(object)).isEmpty();
        assertThatThrownBy(() -> on.user().detokenize(token))
                .isInstanceOf(TokenizerException.class)
                .hasFieldOrPropertyWithValue("status", 404);
    }

    @Test
    @Order(3)
    void aRotationKeepsEveryTokenAndLeavesNoVersionUnderTheDestroyedShare() {
        List<String> before = bucket.names(BucketLayout.records(1));
        String token = on.user().tokenize(VALUE);
        if (on.versioned) {
            List<String> added = new ArrayList<>(bucket.names(BucketLayout.records(1)));
            added.removeAll(before);
            String record = added.get(0);
            bucket.overwriteAndHide(record, bucket.get(record));
        }
        rotate(2);
        vault.awaitRotation(2);
        assertThat(on.user().detokenize(token)).isEqualTo(VALUE);
        assertThat(bucket.everything(BucketLayout.records(1))).isEmpty();
    }

    @Test
    @Order(4)
    void aRotationWaitsWhileTheBucketLacksTheIdentityOfTheVault() {
        String identity = bucket.names(BucketLayout.VAULT).get(0);
        byte[] content = bucket.get(identity);
        bucket.delete(identity);
        rotate(3);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(vault.condition("StorageReady"))
                        .containsEntry("status", "False")
                        .containsEntry("reason", "WrongBucket"));
        assertThat(vault.keysStatus().get("shares"))
                .asInstanceOf(list(Map.class))
                .noneMatch(share ->
                        Integer.valueOf(2).equals(share.get("number")) && "Destroyed".equals(share.get("state")));
        bucket.put(identity, content);
        await().atMost(LONG)
                .until(() -> "True".equals(vault.condition("StorageReady").get("status")));
    }

    @Test
    @Order(5)
    void aSecondVaultCannotUseTheBucket() throws Exception {
        List<String> before = bucket.names("");
        GenericKubernetesResource rival = LocalVault.read(Files.readString(Path.of("../examples/vault.yaml")));
        String namespace = on.namespace + "-rival";
        rival.getMetadata().setNamespace(namespace);
        Map<String, Object> storage = rival.get("spec", "storage");
        storage.put("bucket", on.namespace + "-bucket");
        system.apply(rival, on.store.place());
        VaultWatch watch = new VaultWatch(system.client(), namespace, "vault");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(watch.condition("StorageReady"))
                        .containsEntry("status", "False")
                        .containsEntry("reason", "KeyringMissing"));
        SharedSystem.delete(namespace);
        assertThat(bucket.names("")).containsAll(before);
    }

    @Test
    @Order(6)
    void theDeletionOfTheVaultLeavesNeitherBucketNorKeys() {
        String object = BucketLayout.object("00112233445566778899aabbccddeeff");
        bucket.put(object, VALUE);
        if (on.versioned) bucket.overwriteAndHide(object, VALUE);
        bucket.beginUpload(object);
        var resource = system.client()
                .genericKubernetesResources(VaultWatch.TOKENIZERS)
                .inNamespace(on.namespace)
                .withName("vault");
        resource.delete();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(resource.get())
                        .as("the operator's log:%n%s", system.operatorLog(10))
                        .isNull());
        assertThat(bucket.exists()).isFalse();
        assertThat(system.client()
                        .secrets()
                        .inNamespace(on.namespace)
                        .withName("vault-keyring")
                        .get())
                .isNull();
    }

    private void rotate(int rotation) {
        vault.keys(Map.of("rotation", rotation, "gracePeriod", "0s"));
    }

    private ErasureReceipt.Erasure verified(ErasureReceipt receipt, String token) {
        return receipt.verify(on.application().receiptKeys(), token);
    }
}
