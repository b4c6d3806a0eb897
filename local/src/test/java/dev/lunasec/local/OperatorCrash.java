package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.testbed.OwnedKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Creates one vault after the other, each with an operator that is killed with SIGKILL after a given write and is
 * started again.
 */
final class OperatorCrash implements AutoCloseable {
    /** What came of one vault: the writes of its first operator, and all objects of its namespace at the end. */
    record Outcome(List<String> writes, Map<String, JsonNode> world) {
        /**
         * The writes up to the one that binds the vault to its bucket; those that follow depend on when the pods start.
         */
        List<String> untilBound() {
            int first = 1;
            while (!writes.get(first - 1).matches("PATCH .*/secrets/vault-keyring")) first++;
            return writes.subList(0, first);
        }
    }

    private static final Duration READY = Duration.ofMinutes(5);
    private static final int NEVER = Integer.MAX_VALUE;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalSystem system;
    private final String prefix;
    private final Path folder;

    /**
     * Stops the operator of the system.
     *
     * @param prefix of the namespaces and buckets; a deleted vault leaves its keyring and bucket, so nobody may use
     *     them again
     * @param folder for the files of the round trips
     */
    OperatorCrash(LocalSystem system, String prefix, Path folder) {
        this.system = system;
        this.prefix = prefix;
        this.folder = folder;
        system.killOperator();
    }

    /** A vault whose operator nobody kills. */
    Outcome undisturbed() throws Exception {
        return create(NEVER);
    }

    /** Asserts that the vault is the same when its operator is killed after this write, counted from 1. */
    void assertSameWorld(int fatal, Outcome undisturbed) throws Exception {
        assertThat(create(fatal).world())
                .as("killed after write %d of %s", fatal, undisturbed.untilBound())
                .isEqualTo(undisturbed.world());
    }

    /** Starts the operator of the system again. */
    @Override
    public void close() throws Exception {
        system.startOperator();
    }

    /** One vault in a namespace of its own, from nothing to a round trip; it is deleted at the end. */
    private Outcome create(int fatal) throws Exception {
        String namespace = prefix + "-" + (fatal == NEVER ? "never" : fatal);
        VaultWatch watch = new VaultWatch(system.client(), namespace, "vault");
        try (KillingFront front = new KillingFront(system.controlPlane(), fatal, system::killOperator)) {
            system.startOperator(front.kubeconfig());
            system.apply(vault(namespace));
            await().atMost(READY)
                    .until(() -> front.hasKilled()
                            || "True".equals(watch.condition("Ready").get("status")));
            assertThat(front.hasKilled()).isEqualTo(fatal != NEVER);
            Map<String, String> keys = keys(namespace);
            if (fatal != NEVER) system.startOperator();
            watch.untilReady(READY, line -> {});
            assertThat(keys(namespace)).containsAllEntriesOf(keys);
            int port = system.publish(namespace, "vault", 0);
            RoundTrip.run(URI.create("http://127.0.0.1:" + port), system.application(), null, folder);
            Outcome outcome = new Outcome(front.writes(), world(system.client(), namespace));
            SharedSystem.delete(namespace);
            return outcome;
        } finally {
            system.killOperator();
        }
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

    /** What the keyring holds, without the location, which the operator pins later; empty before there is a keyring. */
    private Map<String, String> keys(String namespace) {
        Secret keyring = system.client()
                .secrets()
                .inNamespace(namespace)
                .withName("vault-keyring")
                .get();
        Map<String, String> keys = keyring == null ? new TreeMap<>() : new TreeMap<>(keyring.getData());
        keys.remove("location");
        keys.remove("owner-cluster");
        return keys;
    }

    /**
     * The vault and all objects of the operator's kinds, without what differs from one namespace or one key to the
     * next.
     */
    private static Map<String, JsonNode> world(KubernetesClient client, String namespace) {
        Map<String, JsonNode> world = new TreeMap<>();
        Stream.concat(
                        Stream.of(client.genericKubernetesResources(VaultWatch.TOKENIZERS)),
                        OwnedKind.BUILT_IN.stream()
                                .map(kind -> client.genericKubernetesResources(kind.apiVersion(), kind.kind())))
                .flatMap(kind -> kind.inNamespace(namespace).list().getItems().stream())
                .forEach(resource -> world.put(
                        resource.getKind() + "/" + resource.getMetadata().getName(), comparable(resource, namespace)));
        return world;
    }

    private static JsonNode comparable(GenericKubernetesResource resource, String namespace) {
        ObjectNode json = JSON.valueToTree(resource);
        List<String> owners = resource.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getName)
                .toList();
        ObjectNode kept = JSON.createObjectNode()
                .put("owners", owners.toString())
                .put("labels", String.valueOf(resource.getMetadata().getLabels()))
                .put("finalizers", String.valueOf(resource.getMetadata().getFinalizers()));
        if (resource.getKind().equals("Secret")) {
            Map<String, Object> data = resource.get("data");
            kept.put("keys", new TreeMap<>(data).keySet().toString());
        } else if (json.has("data")) kept.set("data", json.get("data"));
        if (json.get("spec") instanceof ObjectNode spec) {
            // The minute of the nightly sweep comes from the namespace and the name.
            spec.remove(List.of("clusterIP", "clusterIPs", "schedule"));
            if (spec.at("/template/metadata/annotations") instanceof ObjectNode annotations) {
                annotations.remove(List.of(
                        "lunasec.dev/settings",
                        "lunasec.dev/keyring-version",
                        "lunasec.dev/references",
                        "lunasec.dev/redis-instance"));
            }
            for (JsonNode environment : spec.findValues("env")) environment.forEach(OperatorCrash::removeSumOfSettings);
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

    /** The settings name the namespace. */
    private static void removeSumOfSettings(JsonNode variable) {
        if (variable.path("name").asText().equals(EnvironmentVariables.SETTINGS_EXPECTED))
            ((ObjectNode) variable).remove("value");
    }
}
