package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.ConfigMapKey;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys of Secrets and ConfigMaps past all caches, each object once. It remembers what it read and whether
 * anything was missing.
 */
final class ReferenceReader {
    private final KubernetesClient client;
    private final String namespace;
    private final Map<String, Optional<Secret>> secrets = new HashMap<>();
    private final SortedMap<String, String> hashed = new TreeMap<>();
    private boolean complete = true;

    ReferenceReader(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** A key of a Secret that pods read once, at their start. */
    String secret(String name, String key) throws ReferencedSecrets.Missing {
        String value = reloaded(name, key);
        hashed.put("secret/" + name + "/" + key, value);
        return value;
    }

    /** A key of a Secret that pods read again when it changes. */
    String reloaded(String name, String key) throws ReferencedSecrets.Missing {
        Secret secret = secrets.computeIfAbsent(name, this::get).orElseThrow(() -> missing("Secret", name));
        String value = secret.getData() == null ? null : secret.getData().get(key);
        if (value == null || value.isEmpty()) throw incomplete("Secret", name, key);
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8).strip();
    }

    /** A key of a ConfigMap that pods read once, at their start; null if the resource names none. */
    @Nullable
    String configMap(@Nullable ConfigMapKey named) throws ReferencedSecrets.Missing {
        String value = reloaded(named);
        if (named == null || value == null) return null;
        hashed.put("configmap/" + named.configMapName() + "/" + named.key(), value);
        return value;
    }

    /** A key of a ConfigMap that pods read again when it changes; null if the resource names none. */
    @Nullable
    String reloaded(@Nullable ConfigMapKey named) throws ReferencedSecrets.Missing {
        if (named == null) return null;
        ConfigMap configMap = client.configMaps()
                .inNamespace(namespace)
                .withName(named.configMapName())
                .get();
        if (configMap == null) throw missing("ConfigMap", named.configMapName());
        String value = configMap.getData() == null ? null : configMap.getData().get(named.key());
        if (value == null || value.isBlank()) throw incomplete("ConfigMap", named.configMapName(), named.key());
        return value;
    }

    /** Everything that was read so far and that pods read once. */
    ReferenceHash.Content content() {
        return new ReferenceHash.Content(new TreeMap<>(hashed), complete);
    }

    private Optional<Secret> get(String name) {
        return Optional.ofNullable(
                client.secrets().inNamespace(namespace).withName(name).get());
    }

    private ReferencedSecrets.Missing missing(String kind, String name) {
        complete = false;
        return new ReferencedSecrets.Missing(Verdict.no(
                kind + "Missing", "The " + kind + " " + name + " does not exist; create it in this namespace."));
    }

    private ReferencedSecrets.Missing incomplete(String kind, String name, String key) {
        complete = false;
        return new ReferencedSecrets.Missing(
                Verdict.no(kind + "Incomplete", "The " + kind + " " + name + " has no key " + key + "; add it."));
    }
}
