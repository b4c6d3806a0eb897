package dev.lunasec.local.node;

import dev.lunasec.contract.EnvironmentVariables;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables of a container. A value is in the variable itself, in a field of the pod or in a Secret.
 */
final class ContainerEnvironment {
    private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private final KubernetesClient client;
    private final URI apiServer;
    private final Pod pod;
    private final String address;

    ContainerEnvironment(KubernetesClient client, URI apiServer, Pod pod, String address) {
        this.client = client;
        this.apiServer = apiServer;
        this.pod = pod;
        this.address = address;
    }

    /** @throws Volumes.Missing when a variable comes from a Secret that is not there */
    Map<String, String> variables(Container container, PodPlace place) throws Volumes.Missing {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(EnvironmentVariables.KUBERNETES_SERVICE_HOST, apiServer.getHost());
        variables.put(EnvironmentVariables.KUBERNETES_SERVICE_PORT, Integer.toString(apiServer.getPort()));
        for (EnvVar variable : container.getEnv()) variables.put(variable.getName(), place.translate(value(variable)));
        return variables;
    }

    private String value(EnvVar variable) throws Volumes.Missing {
        EnvVarSource from = variable.getValueFrom();
        if (from == null) return Objects.requireNonNullElse(variable.getValue(), "");
        if (from.getFieldRef() != null) {
            String path = from.getFieldRef().getFieldPath();
            return switch (path) {
                case "metadata.name" -> pod.getMetadata().getName();
                case "metadata.namespace" -> pod.getMetadata().getNamespace();
                case "metadata.uid" -> pod.getMetadata().getUid();
                case "spec.nodeName" -> Node.NAME;
                case "status.podIP" -> address;
                default -> entry(path);
            };
        }
        if (from.getSecretKeyRef() == null) {
            throw new IllegalArgumentException("The local node can't find the value of " + variable.getName() + ".");
        }
        String name = from.getSecretKeyRef().getName();
        String key = from.getSecretKeyRef().getKey();
        Secret secret = client.secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        String data = secret == null || secret.getData() == null
                ? null
                : secret.getData().get(key);
        if (data == null) throw new Volumes.Missing("Secret " + name + " with the key " + key + " is not there.");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    /** {@code metadata.labels['key']} or {@code metadata.annotations['key']}; empty where there is none. */
    private String entry(String path) {
        Matcher entry = ENTRY.matcher(path);
        if (!entry.matches()) throw new IllegalArgumentException("The local node knows no field " + path + ".");
        Map<String, String> entries = entry.group(1).equals("labels")
                ? pod.getMetadata().getLabels()
                : pod.getMetadata().getAnnotations();
        return entries == null ? "" : entries.getOrDefault(entry.group(2), "");
    }
}
