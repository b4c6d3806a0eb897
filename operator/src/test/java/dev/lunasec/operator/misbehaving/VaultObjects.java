package dev.lunasec.operator.misbehaving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All objects of a vault as text, by kind and name: without the fields that the API server fills in, with the shape of
 * random values in their place, and with "vault" in place of the vault's name. Two vaults of the same spec and state
 * have equal texts.
 */
final class VaultObjects {
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            Secret.class,
            ConfigMap.class,
            Service.class,
            Deployment.class,
            StatefulSet.class,
            NetworkPolicy.class,
            PodDisruptionBudget.class,
            HorizontalPodAutoscaler.class,
            CronJob.class,
            Job.class,
            Tokenizer.class);

    private static final Set<String> MADE_UP = Set.of(
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "generation",
            "clusterIP",
            "clusterIPs",
            "time",
            "lastTransitionTime",
            "observedGeneration");

    /** What differs between two vaults, and what is written in its place. */
    private static final Map<String, String> SHAPES = new LinkedHashMap<>();

    static {
        SHAPES.put("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/\\d+)?", "(uid)");
        SHAPES.put("\"[0-9a-f]{16}\"", "\"(16 hexadecimal digits)\"");
        SHAPES.put("\"[0-9a-f]{32}\"", "\"(32 hexadecimal digits)\"");
        SHAPES.put("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "(time)");
        SHAPES.put("\"\\d+ 3 \\* \\* \\*\"", "\"(minute) 3 * * *\"");
    }

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private VaultObjects() {}

    /** The objects of each of these vaults, whose names all have the same length. */
    static Map<String, Map<String, String>> of(List<String> vaults, String namespace, KubernetesClient client) {
        Map<String, Map<String, String>> objects = new TreeMap<>();
        vaults.forEach(vault -> objects.put(vault, new TreeMap<>()));
        int length = vaults.get(0).length();
        for (Class<? extends HasMetadata> kind : KINDS) {
            for (HasMetadata object :
                    client.resources(kind).inNamespace(namespace).list().getItems()) {
                String name = object.getMetadata().getName();
                String vault = name.substring(0, Math.min(length, name.length()));
                Map<String, String> found = objects.get(vault);
                if (found == null) continue;
                found.put(
                        kind.getSimpleName() + "/" + name.replace(vault, "vault"),
                        text(object, client).replace(vault, "vault"));
            }
        }
        return objects;
    }

    private static String text(HasMetadata object, KubernetesClient client) {
        ObjectNode json = client.getKubernetesSerialization().convertValue(object, ObjectNode.class);
        if (object instanceof Secret) shapes((ObjectNode) json.get("data"));
        strip(json);
        try {
            String text =
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.treeToValue(json, Object.class));
            for (Map.Entry<String, String> shape : SHAPES.entrySet()) {
                text = text.replaceAll(shape.getKey(), shape.getValue());
            }
            return text;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written as JSON", e);
        }
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) object.remove(MADE_UP);
        // The API server sorts them by their time.
        if (node.get("managedFields") instanceof ArrayNode fields) {
            List<JsonNode> sorted = new ArrayList<>();
            fields.forEach(sorted::add);
            sorted.sort(Comparator.comparing(JsonNode::toString));
            fields.removeAll().addAll(sorted);
        }
        node.forEach(VaultObjects::strip);
    }

    /** Letters and digits of a text are x; of bytes that are no text the number is left. */
    private static void shapes(ObjectNode data) {
        data.properties().forEach(entry -> {
            byte[] bytes = Base64.getDecoder().decode(entry.getValue().asText());
            String text = new String(bytes, StandardCharsets.UTF_8);
            boolean printable = text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'));
            data.put(entry.getKey(), printable ? text.replaceAll("[0-9A-Za-z]", "x") : bytes.length + " bytes");
        });
    }
}
