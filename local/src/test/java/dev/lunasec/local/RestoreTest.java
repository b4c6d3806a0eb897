package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.GrantOptions;
import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The procedure "Restoring" of {@code docs/operations.md}: bucket and keyring are restored from copies that
 * were made before an erasure and before a rotation.
 */
@Tag("full")
class RestoreTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String NAMESPACE = "restored";
    private static final String BUCKET = "restored-bucket";

    private static final LocalSystem system = SharedSystem.get();

    @AutoClose
    private static final S3Connection store = new S3Connection(
            new StoreLocation(BUCKET, "eu-central-1", system.store().endpoint(), true),
            new AccessKeys(system.store().accessKeyId(), system.store().secretAccessKey()),
            null);

    @Test
    void whatWasStoredBeforeTheCopyIsReadAndWhatWasErasedAfterItStaysErased() throws Exception {
        RotatingVault vault = new RotatingVault(system, NAMESPACE, 1);
        try (TokenizerClient client = vault.client("user", "session");
                TokenizerClient application = vault.client("application", "")) {
            String kept = client.tokenize(utf8("kept"));
            String erased = client.tokenize(utf8("erased"));
            Map<String, byte[]> bucketCopy = objects("");
            Map<String, String> keyringCopy = keyring().getData();

            application.erase(erased);
            String lost = client.tokenize(utf8("lost"));
            vault.keys(Map.of("rotation", 2, "gracePeriod", "0s"));
            vault.awaitRotation(2);
            Map<String, byte[]> markers = objects("erased/");
            assertThat(markers.keySet())
                    .filteredOn(name -> !name.startsWith("erased/start-"))
                    .hasSize(1);

            vault.replicas(0);
            await().atMost(SOON).until(() -> vault.pods("tokenizer").isEmpty());
            vault.pause(true);
            restoreBucket(bucketCopy, markers);
            restoreKeyring(keyringCopy);
            assertThat(objects("records/1/"))
                    .as("what the restore brought back")
                    .hasSize(2);
            bind();
            assertThat(objects("records/1/")).as("without the erased record").hasSize(1);
            assertThat(objects("vault/")).hasSize(1);

            vault.pause(false);
            vault.replicas(1);
            vault.awaitRotation(2);
            await().atMost(SOON)
                    .until(() -> "True".equals(vault.condition("Ready").get("status")));
            application.grant("session", kept, GrantOptions.DEFAULT);
            assertThat(client.detokenize(kept)).isEqualTo(utf8("kept"));
            for (String gone : List.of(erased, lost)) {
                assertThatThrownBy(() -> {
                            application.grant("session", gone, GrantOptions.DEFAULT);
                            client.detokenize(gone);
                        })
                        .isInstanceOf(TokenizerException.class);
            }
        }
        SharedSystem.delete(NAMESPACE);
    }

    /** All but the identity, and the markers of erasures after the copy. */
    private static void restoreBucket(Map<String, byte[]> copy, Map<String, byte[]> newerMarkers) {
        Map<String, byte[]> objects = new HashMap<>(copy);
        objects.keySet().removeIf(key -> key.startsWith("vault/"));
        objects.putAll(newerMarkers);
        for (String present : objects("").keySet()) {
            store.s3().deleteObject(delete -> delete.bucket(BUCKET).key(present));
        }
        objects.forEach((key, content) ->
                store.s3().putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromBytes(content)));
    }

    /** All but the location. */
    private static void restoreKeyring(Map<String, String> copy) {
        Map<String, String> data = new HashMap<>(copy);
        data.remove("location");
        Secret secret = keyring();
        secret.setData(data);
        system.client().resource(secret).update();
    }

    private static Secret keyring() {
        return Objects.requireNonNull(system.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName("vault-keyring")
                .get());
    }

    /** All but the values, which no client can copy: they stay, as if the store had restored them from its disks. */
    private static Map<String, byte[]> objects(String prefix) {
        Map<String, byte[]> objects = new HashMap<>();
        for (S3Object listed : store.s3()
                .listObjectsV2(list -> list.bucket(BUCKET).prefix(prefix))
                .contents()) {
            if (listed.key().startsWith("objects/")) continue;
            byte[] content = store.s3()
                    .getObjectAsBytes(get -> get.bucket(BUCKET).key(listed.key()))
                    .asByteArray();
            objects.put(listed.key(), content);
        }
        return objects;
    }

    /** The example as it is, with the names and the store of this test. */
    private static void bind() throws Exception {
        String yaml = Files.readString(Path.of("../examples/bind.yaml"))
                .replace("payments-vault", BUCKET)
                .replace("payments", NAMESPACE)
                .replace("https://s3.example.com", system.store().endpoint().toString())
                .replaceAll("image: .*", "image: " + LocalImages.TOKENIZER);
        system.client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
        await().atMost(SOON).until(() -> {
            Job job = system.client()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(NAMESPACE)
                    .withName("vault-bind")
                    .get();
            return Integer.valueOf(1).equals(job.getStatus().getSucceeded());
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
