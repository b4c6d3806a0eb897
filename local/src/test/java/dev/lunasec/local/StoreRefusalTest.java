package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.s3.StoreStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator refuses a real store that cannot protect values, and says why. */
@Tag("stores")
class StoreRefusalTest {
    private static final LocalSystem system = SharedSystem.get();

    @ParameterizedTest
    @MethodSource("dev.lunasec.local.TestedStore#refused")
    void theVaultIsNotReadyForTheRightReasonAndNothingIsStored(TestedStore store) throws Exception {
        String namespace = store.name() + "-refused";
        GenericKubernetesResource vault = LocalVault.read(Files.readString(Path.of("../examples/vault.yaml")));
        vault.getMetadata().setNamespace(namespace);
        Map<String, Object> storage = vault.get("spec", "storage");
        storage.put("bucket", namespace);
        system.apply(vault, store.place());

        VaultWatch watch = new VaultWatch(system.client(), namespace, "vault");
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(watch.condition("StorageReady"))
                        .containsEntry("status", "False")
                        .containsEntry("reason", store.refusal()));
        assertThat(watch.condition("StorageReady"))
                .containsEntry("message", StoreStatus.valueOf(store.refusal()).message());
        assertThat(watch.condition("Ready")).containsEntry("status", "False");
        assertThat(system.client()
                        .pods()
                        .inNamespace(namespace)
                        .withLabel("app.kubernetes.io/component", "tokenizer")
                        .list()
                        .getItems())
                .isEmpty();
        SharedSystem.delete(namespace);
        try (OwnersBucket bucket =
                new OwnersBucket(store, namespace + store.place().bucketSuffix())) {
            assertThat(bucket.names("")).isEmpty();
        }
    }
}
