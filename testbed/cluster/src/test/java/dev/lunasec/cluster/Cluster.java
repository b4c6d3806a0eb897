package dev.lunasec.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.testbed.TestAuthority.Issued;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The cluster of the kubeconfig, with the chart, a vault and pods of an application. */
final class Cluster implements AutoCloseable {
    static final String OPERATOR = "tokenizer-system";
    static final String VAULT = "payments";
    static final String APP = "shop";

    private static final Path CHART = Path.of("../../helm");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** How long a test waits for a change of the cluster. */
    static final Duration MINUTES = Duration.ofMinutes(3);

    final KubernetesClient client = new KubernetesClientBuilder().build();
    private final Path folder;
    private final TestAuthority authority = new TestAuthority("vaults");

    Cluster(Path folder) {
        this.folder = folder;
    }

    /** What the environment says, or else. */
    static String setting(String name, String otherwise) {
        return Objects.requireNonNullElse(System.getenv(name), otherwise);
    }

    static String required(String name) {
        return Objects.requireNonNull(
                System.getenv(name), name + " is not set: docs/operations.md says how these tests are run.");
    }

    /** Namespaces of the pod security level {@code restricted}, which every pod here has to live up to. */
    void namespaces() {
        for (String name : List.of(OPERATOR, VAULT, APP)) {
            apply(new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                    .endMetadata()
                    .build());
        }
    }

    /** {@code helm upgrade --install} with the images of the tests; answers what helm printed. */
    String install(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "upgrade",
                "--install",
                "tokenizer-operator",
                CHART.toString(),
                "--namespace",
                OPERATOR,
                "--wait",
                "--timeout",
                "3m",
                "--set",
                "image.repository=" + setting("OPERATOR_IMAGE", "tokenizer-operator"),
                "--set",
                "image.tag=" + setting("IMAGE_TAG", "test"),
                "--set",
                "tokenizer.image.repository=" + setting("TOKENIZER_IMAGE", "tokenizer"),
                "--set",
                "tokenizer.image.tag=" + setting("IMAGE_TAG", "test"),
                "--set",
                "networkPolicy.egressPorts={" + storePort() + "}"));
        String redis = System.getenv("REDIS_IMAGE");
        if (redis != null) arguments.addAll(List.of("--set", "redis.image=" + redis));
        arguments.addAll(List.of(more));
        return helm(arguments);
    }

    /** {@code helm upgrade} with the values that there are, and others over them. */
    String upgrade(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "upgrade",
                "tokenizer-operator",
                CHART.toString(),
                "--namespace",
                OPERATOR,
                "--reset-then-reuse-values",
                "--wait",
                "--timeout",
                "3m"));
        arguments.addAll(List.of(more));
        return helm(arguments);
    }

    String helm(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("helm"));
        command.addAll(arguments);
        try {
            Path log = Files.createTempFile(folder, "helm", ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("helm ends").isTrue();
            String text = Files.readString(log);
            assertThat(process.exitValue()).as("%s: %s", command, text).isZero();
            return text;
        } catch (IOException e) {
            throw new IllegalStateException("helm is not on the path: install it.", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a vault needs beside itself: credentials, the store's authority, a certificate. */
    void prerequisites() throws IOException {
        secret(
                VAULT,
                "s3-credentials",
                "accessKeyId",
                required("S3_ACCESS_KEY"),
                "secretAccessKey",
                required("S3_SECRET_KEY"));
        configMap(VAULT, "store-ca", "ca.crt", Files.readString(Path.of(required("S3_CA"))));
        certify();
        apply(yaml("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: backend, namespace: %s}
                """.formatted(APP)));
        apply(yaml("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: stranger, namespace: %s}
                """.formatted(APP)));
    }

    /** Gives the vault a new certificate of an authority that the application trusts; returns it in PEM. */
    String certify() throws IOException {
        Issued issued = authority.issueFor("vault." + VAULT + ".svc");
        secret(VAULT, "vault-tls", "tls.crt", issued.certificatePem(), "tls.key", issued.pkcs8KeyPem());
        String store = Files.readString(Path.of(required("S3_CA")));
        configMap(APP, "authorities", "ca.crt", store + "\n" + authority.pem());
        return issued.certificatePem();
    }

    /** Applies the vault with more fields of {@code spec.storage}, each behind a comma. */
    void vault(String storage) {
        apply(yaml("""
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: vault, namespace: %s}
                spec:
                  replicas: 2
                  storage: {
                    bucket: %s, region: %s, endpoint: "%s", pathStyleAccess: true,
                    credentials: {secretName: s3-credentials}, trustedCA: {configMapName: store-ca}%s}
                  tls: {secretName: vault-tls}
                  auth:
                    applications:
                    - serviceAccount: {namespace: %s, name: backend}
                """.formatted(
                        VAULT,
                        setting("S3_BUCKET", "payments-vault"),
                        setting("S3_REGION", "us-east-1"),
                        required("S3_ENDPOINT"),
                        storage,
                        APP)));
    }

    /** Waits until all pods of a Deployment are of its current generation and available. */
    void awaitRollout(String namespace, String name) {
        await().atMost(MINUTES).until(() -> {
            var deployment = client.apps()
                    .deployments()
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
            var status = deployment.getStatus();
            int wanted = deployment.getSpec().getReplicas();
            return deployment.getMetadata().getGeneration().equals(status.getObservedGeneration())
                    && Integer.valueOf(wanted).equals(status.getUpdatedReplicas())
                    && Integer.valueOf(wanted).equals(status.getReplicas())
                    && Integer.valueOf(wanted).equals(status.getAvailableReplicas());
        });
    }

    void awaitReady() {
        await().atMost(MINUTES)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(
                                condition("Ready").path("status").asText())
                        .as(() -> String.valueOf(JSON.valueToTree(vault()).path("status")))
                        .isEqualTo("True"));
    }

    @Nullable
    GenericKubernetesResource vault() {
        return client.genericKubernetesResources("lunasec.dev/v1alpha1", "Tokenizer")
                .inNamespace(VAULT)
                .withName("vault")
                .get();
    }

    /** {@code status.keys}. */
    JsonNode keys() {
        return JSON.valueToTree(vault()).at("/status/keys");
    }

    /** Raises the number, as kubectl patch would. */
    void rotate(int rotation) {
        client.genericKubernetesResources("lunasec.dev/v1alpha1", "Tokenizer")
                .inNamespace(VAULT)
                .withName("vault")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"keys\":{\"rotation\":" + rotation + "}}}");
    }

    JsonNode condition(String type) {
        for (JsonNode condition : JSON.valueToTree(vault()).at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) return condition;
        }
        return JSON.createObjectNode();
    }

    /** Starts a pod of the application. */
    Pod app(String name, AppPod options, String... arguments) {
        client.pods().inNamespace(APP).withName(name).withGracePeriod(0).delete();
        await().until(() -> client.pods().inNamespace(APP).withName(name).get() == null);
        return client.resource(options.pod(name, arguments)).create();
    }

    /** How the pod of {@code app once} ended: its exit status and what it said. */
    Ended awaitEnd(Pod pod) {
        var resource = client.resource(pod);
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> List.of("Succeeded", "Failed")
                        .contains(String.valueOf(resource.get().getStatus().getPhase())));
        return new Ended(
                resource.get().getStatus().getPhase().equals("Succeeded"),
                client.pods()
                        .inNamespace(APP)
                        .withName(pod.getMetadata().getName())
                        .getLog());
    }

    record Ended(boolean well, String log) {}

    /** What the traffic of a pod has seen so far. */
    Sample sample(String pod) {
        List<JsonNode> lines = summaries(pod);
        if (lines.isEmpty()) return new Sample(0, 0, "{}");
        JsonNode last = lines.get(lines.size() - 1);
        return new Sample(
                last.get("requests").asLong(),
                last.get("failures").asLong(),
                last.get("errors").toString());
    }

    record Sample(long requests, long failures, String errors) {}

    /** The slowest answer that the traffic of a pod has seen after so many requests, in milliseconds. */
    long slowestAfter(String pod, long requests) {
        return summaries(pod).stream()
                .filter(line -> line.get("requests").asLong() > requests)
                .mapToLong(line -> line.get("slowestMillis").asLong())
                .max()
                .orElse(0);
    }

    private List<JsonNode> summaries(String pod) {
        String log = client.pods().inNamespace(APP).withName(pod).getLog();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log.split("\n", -1)) {
            if (!line.startsWith("{\"requests\"") || !line.endsWith("}}")) continue;
            try {
                lines.add(JSON.readTree(line));
            } catch (IOException e) {
                throw new IllegalStateException(line, e);
            }
        }
        return lines;
    }

    List<Pod> pods(String namespace, String component) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/component", component)
                .list()
                .getItems();
    }

    /**
     * Kills the container of a pod as its node would lose it: with the command of CLUSTER_KILL, which gets the
     * container's id, else by a deletion without grace.
     */
    void kill(Pod pod) throws Exception {
        String command = System.getenv("CLUSTER_KILL");
        if (command == null) {
            client.resource(pod).withGracePeriod(0).delete();
            return;
        }
        String id =
                pod.getStatus().getContainerStatuses().get(0).getContainerID().replaceFirst("^.*://", "");
        Process process = new ProcessBuilder(command, id).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    Secret secret(String namespace, String name) {
        return client.secrets().inNamespace(namespace).withName(name).get();
    }

    void secret(String namespace, String name, String... keysAndValues) {
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata();
        for (int i = 0; i < keysAndValues.length; i += 2)
            secret.addToStringData(keysAndValues[i], keysAndValues[i + 1]);
        apply(secret.build());
    }

    void apply(io.fabric8.kubernetes.api.model.HasMetadata resource) {
        client.resource(resource).fieldManager("test").forceConflicts().serverSideApply();
    }

    GenericKubernetesResource yaml(String text) {
        return client.getKubernetesSerialization().unmarshal(text, GenericKubernetesResource.class);
    }

    private void configMap(String namespace, String name, String key, String value) {
        apply(new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of(key, value))
                .build());
    }

    private static int storePort() {
        int port = java.net.URI.create(required("S3_ENDPOINT")).getPort();
        return port == -1 ? 443 : port;
    }

    @Override
    public void close() {
        client.close();
    }
}
