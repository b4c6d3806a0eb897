package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.ErasureReceipt;
import dev.lunasec.client.TokenizeOptions;
import dev.lunasec.client.TokenizerException;
import dev.lunasec.client.Value;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.ErrorCode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
    /** In bytes: a part of the size that the tokenizer names, and one of a single byte. */
    private static final int TWO_PARTS = (8 << 20) + 1;

    private static final UploadInParts.Answer INCOMPLETE =
            new UploadInParts.Answer(409, ErrorCode.UPLOAD_INCOMPLETE.code());
    private static final UploadInParts.Answer UNKNOWN_UPLOAD =
            new UploadInParts.Answer(404, ErrorCode.UNKNOWN_UPLOAD.code());
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
        assertUnknown(token);
    }

    @Test
    @Order(3)
    void anUploadInPartsIsReadOnceAllItsPartsAreThere() throws Exception {
        byte[] value = random(TWO_PARTS);
        try (UploadInParts upload = on.upload(value)) {
            upload.send(2);
            assertThat(upload.complete(2)).as("the first part is not named").isEqualTo(INCOMPLETE);
            assertThat(upload.complete(1, 2)).as("the first part was not sent").isEqualTo(INCOMPLETE);
            assertUnknown(upload.token());
            upload.send(1);
            assertThat(upload.complete(1)).as("the last part is not named").isEqualTo(INCOMPLETE);
            assertThat(upload.complete(1, 2)).isEqualTo(UploadInParts.Answer.DONE);
            assertThat(on.user().detokenize(upload.token(), TWO_PARTS)).isEqualTo(value);
            assertThat(upload.complete(1, 2)).as("a repeated call").isEqualTo(UploadInParts.Answer.DONE);
            assertThat(bucket.everything(BucketLayout.uploads(1))).isEmpty();
            assertThat(upload.abort()).as("a complete upload").isEqualTo(UNKNOWN_UPLOAD);
            assertThat(on.user().detokenize(upload.token(), TWO_PARTS)).isEqualTo(value);
            verified(on.application().erase(upload.token()), upload.token());
            assertThat(bucket.everything(upload.object())).isEmpty();
        }
    }

    @Test
    @Order(4)
    void anAbortedUploadLeavesNothingInTheBucket() throws Exception {
        try (UploadInParts upload = on.upload(random(TWO_PARTS))) {
            upload.send(2);
            assertThat(bucket.everything(upload.object())).containsExactly("upload of " + upload.object());
            assertThat(bucket.names(BucketLayout.uploads(1))).hasSize(1);
            assertThat(upload.abort()).isEqualTo(UploadInParts.Answer.DONE);
            assertThat(bucket.everything(upload.object())).isEmpty();
            assertThat(bucket.everything(BucketLayout.uploads(1))).isEmpty();
            assertThat(upload.complete(2)).isEqualTo(UNKNOWN_UPLOAD);
            assertUnknown(upload.token());
        }
    }

    @Test
    @Order(5)
    void anExpiredTokenReadsAsErased() {
        Instant expiry = Instant.now().plusSeconds(10);
        String token = on.user().tokenize(Value.of(VALUE), TokenizeOptions.DEFAULT.expiringAt(expiry));
        assertThat(on.user().detokenize(token)).isEqualTo(VALUE);
        await().atMost(LONG).untilAsserted(() -> assertUnknown(token));
        assertThat(Instant.now()).isAfterOrEqualTo(expiry.truncatedTo(ChronoUnit.SECONDS));
        ErasureReceipt.Erasure erasure = verified(on.application().erase(token), token);
        assertThat(bucket.everything(BucketLayout.object(erasure.object()))).isEmpty();
        assertThat(bucket.everything(BucketLayout.record(1, erasure.record()))).isEmpty();
    }

    @Test
    @Order(6)
    void aRotationKeepsEveryTokenAndUploadAndLeavesNoVersionUnderTheDestroyedShare() throws Exception {
        List<String> before = bucket.names(BucketLayout.records(1));
        String token = on.user().tokenize(VALUE);
        if (on.versioned) {
            List<String> added = new ArrayList<>(bucket.names(BucketLayout.records(1)));
            added.removeAll(before);
            String record = added.get(0);
            bucket.overwriteAndHide(record, bucket.get(record));
        }
        try (UploadInParts upload = on.upload(VALUE)) {
            rotate(2);
            vault.awaitRotation(2);
            assertThat(on.user().detokenize(token)).isEqualTo(VALUE);
            assertThat(bucket.everything(BucketLayout.records(1))).isEmpty();
            assertThat(bucket.everything(BucketLayout.uploads(1))).isEmpty();
            upload.send(1);
            assertThat(upload.complete(1)).isEqualTo(UploadInParts.Answer.DONE);
            assertThat(on.user().detokenize(upload.token())).isEqualTo(VALUE);
        }
    }

    @Test
    @Order(7)
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
    @Order(8)
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
    @Order(9)
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

    private void assertUnknown(String token) {
        assertThatThrownBy(() -> on.user().detokenize(token))
                .isInstanceOf(TokenizerException.class)
                .hasFieldOrPropertyWithValue("status", 404);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private void rotate(int rotation) {
        vault.keys(Map.of("rotation", rotation, "gracePeriod", "0s"));
    }

    private ErasureReceipt.Erasure verified(ErasureReceipt receipt, String token) {
        return receipt.verify(on.application().receiptKeys(), token);
    }
}
