package dev.lunasec.local;

import static org.awaitility.Awaitility.await;

import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerClientBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A vault of the local system whose keys the test rotates. */
final class RotatingVault {
    static final Duration LONG = Duration.ofMinutes(4);

    final String namespace;
    final LocalSystem system;
    final URI url;
    private final StorePlace store;
    private final GenericKubernetesResource resource;

    /** Applies the example with that many pods in a namespace of its own, and waits until it is ready. */
    RotatingVault(LocalSystem system, String namespace, int replicas) throws Exception {
        this(system, system.storePlace(), namespace, replicas, Map.of());
    }

    /**
     * The same on another store.
     *
     * @param more further fields of {@code spec.storage}
     */
    RotatingVault(LocalSystem system, StorePlace store, String namespace, int replicas, Map<String, Object> more)
            throws Exception {
        this.system = system;
        this.store = store;
        this.namespace = namespace;
        resource = LocalVault.read(Files.readString(Path.of("../examples/vault.yaml")));
        resource.getMetadata().setNamespace(namespace);
        Map<String, Object> spec = resource.get("spec");
        spec.put("replicas", replicas);
        Map<String, Object> storage = resource.get("spec", "storage");
        storage.put("bucket", namespace + "-bucket");
        storage.putAll(more);
        Map<String, Object> grants = resource.get("spec", "grants");
        grants.put("defaultDuration", "12h");
        grants.put("maximumDuration", "12h");
        keys(Map.of());
        new VaultWatch(system.client(), namespace, "vault").untilReady(Duration.ofMinutes(5), line -> {});
        url = URI.create("http://127.0.0.1:" + system.publish(namespace, "vault", 0));
    }

    /** Applies {@code spec.keys}. */
    void keys(Map<String, Object> keys) {
        Map<String, Object> spec = resource.get("spec");
        spec.put("keys", keys);
        system.apply(resource, store);
    }

    /** Applies the memory of the managed Redis. */
    void redisMemory(String memory) {
        Map<String, Object> managed = resource.get("spec", "grants", "redis", "managed");
        managed.put("memory", memory);
        system.apply(resource, store);
    }

    /** Applies {@code spec.replicas}. */
    void replicas(int replicas) {
        Map<String, Object> spec = resource.get("spec");
        spec.put("replicas", replicas);
        system.apply(resource, store);
    }

    /** Pauses the operator for this vault, or ends the pause. */
    void pause(boolean paused) {
        resource.getMetadata().setAnnotations(Map.of("lunasec.dev/paused", Boolean.toString(paused)));
        system.apply(resource, store);
        String status = paused ? "True" : "False";
        if (paused)
            await().atMost(LONG).until(() -> status.equals(condition("Paused").get("status")));
    }

    TokenizerClient client(String kind, String session) {
        TokenizerClientBuilder client =
                TokenizerClient.builder(url).bearer(() -> system.application().jwt(kind, session));
        if (store.authority() != null) client.trustedCA(store.authority());
        return client.build();
    }

    /** Waits until a rotation is complete and its old share destroyed. */
    void awaitRotation(int share) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(keysStatus())
                        .as("status.keys; the operator's log:%n%s", system.operatorLog(10))
                        .containsEntry("primary", share)
                        .containsEntry("step", "NotRotating")
                        .extracting("shares", org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
                        .allMatch(s -> s.equals(Map.of("number", share, "state", "Active"))
                                || Objects.equals(s.get("state"), "Destroyed")));
    }

    Map<String, Object> keysStatus() {
        Map<String, Object> keys = get().get("status", "keys");
        return keys == null ? Map.of() : keys;
    }

    /** Whether the operator has reported on the spec as it is now. */
    boolean isObserved() {
        GenericKubernetesResource now = get();
        Object observed = now.get("status", "observedGeneration");
        return observed instanceof Number number
                && number.longValue() == now.getMetadata().getGeneration();
    }

    Map<String, Object> condition(String type) {
        return new VaultWatch(system.client(), namespace, "vault").condition(type);
    }

    /** The names of the pods that do something for the vault. */
    List<String> pods(String component) {
        return system
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems()
                .stream()
                .map(Pod::getMetadata)
                .map(metadata -> metadata.getName())
                .toList();
    }

    private GenericKubernetesResource get() {
        return system.client()
                .genericKubernetesResources(VaultWatch.TOKENIZERS)
                .inNamespace(namespace)
                .withName("vault")
                .get();
    }
}
