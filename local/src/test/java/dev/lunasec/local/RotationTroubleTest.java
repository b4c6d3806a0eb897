package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Rotations of a real vault that meet what may go wrong. */
@Tag("full")
class RotationTroubleTest {
    private static final byte[] VALUE = "a value".getBytes(StandardCharsets.UTF_8);

    private static final LocalSystem system = SharedSystem.get();
    private static RotatingVault vault;
    private static TokenizerClient client;
    private static S3Connection store;
    private static int rotation = 1;
    private static int share = 1;

    @BeforeAll
    static void start() throws Exception {
        vault = new RotatingVault(system, "troubled", 1);
        client = vault.client("user", "session");
        store = new S3Connection(
                new StoreLocation(
                        "troubled-bucket", "eu-central-1", system.store().endpoint(), true),
                new AccessKeys(system.store().accessKeyId(), system.store().secretAccessKey()),
                null);
    }

    @AfterAll
    static void stop() {
        store.close();
        client.close();
        SharedSystem.delete("troubled");
    }

    @Test
    void twoBumpsInTheSameSecondAreOneRotationOrTwo() {
        String token = client.tokenize(VALUE);
        ask();
        ask();
        await().atMost(RotatingVault.LONG)
                .until(() -> Integer.valueOf(rotation).equals(vault.keysStatus().get("rotation"))
                        && "NotRotating".equals(vault.keysStatus().get("step")));
        share = (int) Objects.requireNonNull(vault.keysStatus().get("primary"));
        assertThat(client.detokenize(token)).isEqualTo(VALUE);
    }

    @Test
    void aRotationThatIsAskedForWhileTheStoreIsAwayGoesOnWhenItIsBack() {
        String token = client.tokenize(VALUE);
        system.store().stop();
        ask();
        await().atMost(RotatingVault.LONG)
                .until(() -> vault.isObserved()
                        && "False".equals(vault.condition("StorageReady").get("status")));
        system.store().restart();
        vault.awaitRotation(++share);
        assertThat(client.detokenize(token)).isEqualTo(VALUE);
    }

    @Test
    void aRecordThatWasMadeCorruptWaitsUnchangedUntilItIsPutRight() {
        String whole = client.tokenize(VALUE);
        List<String> others = keysOf("records/" + share + "/");
        String damaged = client.tokenize(VALUE);
        String record = keysOf("records/" + share + "/").stream()
                .filter(key -> !others.contains(key))
                .findFirst()
                .orElseThrow();
        byte[] good = get(record);
        byte[] bad = good.clone();
        bad[good.length / 2] ^= 1;
        put(record, bad);

        ask();
        await().atMost(RotatingVault.LONG)
                .until(() ->
                        "RecordsQuarantined".equals(vault.condition("Rotating").get("reason")));
        String aside = record.replace("records/", "quarantine/");
        assertThat(get(aside)).as("what is put aside").isEqualTo(bad);
        assertThatThrownBy(() -> client.detokenize(damaged))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("is quarantined");
        assertThat(client.detokenize(whole)).isEqualTo(VALUE);

        put(record, good);
        store.s3().deleteObject(delete -> delete.bucket("troubled-bucket").key(aside));
        vault.awaitRotation(++share);
        assertThat(client.detokenize(damaged)).isEqualTo(VALUE);
    }

    private static void ask() {
        rotation++;
        vault.keys(Map.of("rotation", rotation, "gracePeriod", "0s"));
    }

    private static List<String> keysOf(String prefix) {
        return store.s3().listObjectsV2(list -> list.bucket("troubled-bucket").prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private static byte[] get(String key) {
        return store.s3()
                .getObjectAsBytes(get -> get.bucket("troubled-bucket").key(key))
                .asByteArray();
    }

    private static void put(String key, byte[] content) {
        store.s3().putObject(put -> put.bucket("troubled-bucket").key(key), RequestBody.fromBytes(content));
    }
}
