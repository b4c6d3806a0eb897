package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The operator is killed with SIGKILL after each of the writes of its first reconcile in turn, and started again: every time the same
 * vault comes of it, with the keyring that was made first.
 */
class OperatorCrashTest {
    private static final Duration READY = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static LocalSystem system;

    @BeforeAll
    static void start() throws Exception {
        system = new LocalSystem(folder.resolve("system"), line -> {});
        system.killOperator();
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void itEndsInTheSameWorldWhereverItIsKilled() throws Exception {
        List<String> writes = new ArrayList<>();
        Map<String, JsonNode> undisturbed = round(Integer.MAX_VALUE, writes);
        // Up to the status that says of the first look how it went; what comes later are looks at pods that start.
        int first = 1;
        while (!writes.get(first - 1).endsWith("/status")) first++;
        assertThat(writes.subList(0, first))
                .as("what the first reconcile writes")
                .anyMatch(write -> write.startsWith("POST") && write.endsWith("/secrets"))
                .anyMatch(write -> write.endsWith("/statefulsets/vault-redis"))
                .hasSizeGreaterThan(7);
        for (int fatal = 1; fatal <= first; fatal++) {
            assertThat(round(fatal, new ArrayList<>()))
                    .as("killed after write %d of %s", fatal, writes.subList(0, first))
                    .isEqualTo(undisturbed);
        }
        System.out.println("The operator was killed after each of " + first + " writes: " + writes.subList(0, first));
    }

    /** One vault of its own, from nothing to a round trip; answers all that stands in its namespace in the end. */
    private static Map<String, JsonNode> round(int fatal, List<String> writes) throws Exception {
        String namespace = "crash-" + (fatal == Integer.MAX_VALUE ? "never" : fatal);
        VaultWatch watch = new VaultWatch(system.client(), namespace, "vault");
        try (KillingFront front = new KillingFront(system.controlPlane(), fatal, system::killOperator)) {
            system.startOperator(front.kubeconfig());
            system.apply(vault(namespace));
            await().atMost(READY)
                    .until(() -> front.hasKilled()
                            || "True".equals(watch.condition("Ready").get("status")));
            assertThat(front.hasKilled()).isEqualTo(fatal != Integer.MAX_VALUE);
            Secret keyring = keyring(namespace);
            if (fatal != Integer.MAX_VALUE) system.startOperator();
            watch.untilReady(READY, line -> {});
            writes.addAll(front.writes());
            if (keyring != null) assertThat(keyring(namespace)).isEqualTo(keyring);
        }
        int port = system.publish(namespace, "vault", 0);
        RoundTrip.run(URI.create("http://127.0.0.1:" + port), system.application(), folder);
        system.killOperator();
        return world(system.client(), namespace);
    }

    private static GenericKubernetesResource vault(String namespace) throws Exception {
        GenericKubernetesResource vault = LocalVault.read(Files.readString(Path.of("../examples/vault.yaml")));
        vault.getMetadata().setNamespace(namespace);
        Map<String, Object> spec = vault.get("spec");
        spec.put("replicas", 1);
        Map<String, Object> storage = vault.get("spec", "storage");
        storage.put("bucket", namespace + "-bucket");
        return vault;
    }

    private static @Nullable Secret keyring(String namespace) {
        return system.client()
                .secrets()
                .inNamespace(namespace)
                .withName("vault-keyring")
                .get();
    }

    /** Everything that the operator is responsible for, without what differs from one namespace or one key to the next. */
    private static Map<String, JsonNode> world(KubernetesClient client, String namespace) {
        Map<String, JsonNode> world = new TreeMap<>();
        Stream.of(
                        client.secrets().inNamespace(namespace).list().getItems(),
                        client.configMaps().inNamespace(namespace).list().getItems(),
                        client.services().inNamespace(namespace).list().getItems(),
                        client.apps()
                                .statefulSets()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.apps()
                                .deployments()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.genericKubernetesResources("lunasec.dev/v1alpha1", "Tokenizer")
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .forEach(resource -> world.put(
                        resource.getKind() + "/" + resource.getMetadata().getName(), comparable(resource, namespace)));
        return world;
    }

    private static JsonNode comparable(HasMetadata resource, String namespace) {
        ObjectNode json = JSON.valueToTree(resource);
        List<String> owners = resource.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getName)
                .toList();
        ObjectNode kept = JSON.createObjectNode()
                .put("owners", owners.toString())
                .put("labels", String.valueOf(resource.getMetadata().getLabels()))
                .put("finalizers", String.valueOf(resource.getMetadata().getFinalizers()));
        if (resource instanceof Secret secret)
            kept.put("keys", new TreeMap<>(secret.getData()).keySet().toString());
        else if (json.has("data")) kept.set("data", json.get("data"));
        if (json.get("spec") instanceof ObjectNode spec) {
            spec.remove(List.of("clusterIP", "clusterIPs"));
            if (spec.at("/template/metadata/annotations") instanceof ObjectNode annotations) {
                annotations.remove(List.of(
                        "lunasec.dev/settings",
                        "lunasec.dev/keyring-version",
                        "lunasec.dev/references",
                        "lunasec.dev/redis-instance"));
            }
            kept.set("spec", spec);
        }
        if (resource.getKind().equals("Tokenizer")) {
            json.at("/status/conditions").forEach(condition -> ((ObjectNode) condition).remove("lastTransitionTime"));
            if (json.at("/status/keys") instanceof ObjectNode keys) keys.remove("since");
            kept.set("status", json.get("status"));
        }
        try {
            return JSON.readTree(kept.toString().replace(namespace, "namespace"));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
