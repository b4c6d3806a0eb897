package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.PrometheusOperator;
import dev.lunasec.operator.World;
import dev.lunasec.testbed.OwnedKind;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a resource may ask for comes when it asks and leaves nothing behind when it no longer does. */
@Tag("api-server")
class OptionalPartsTest {
    private static final String ALL = """
              autoscaling: {maxReplicas: 4}
              monitoring: {serviceMonitor: {labels: {release: prometheus}}}
              networkPolicy: {scrapers: [{namespace: monitoring}]}
              tls: {secretName: vault-tls}
              auth:
                simpleApi: Enabled
                applications: [{serviceAccount: {namespace: shop, name: backend}}]
                issuers:
                - name: shop
                  issuer: node-sdk
                  audience: secure-frame
                  jwksUrl: https://shop.example.com/jwks.json
                  trustedCA: {configMapName: internal-ca}
            """;
    private static final String NONE = """
              replicas: 1
              networkPolicy: {mode: Disabled}
              grants: {redis: {external: {secretName: redis}}}
            """;

    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        PrometheusOperator.install(world.client, "ServiceMonitor");
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void everythingComesAndGoes() {
        world.secret("vault-tls", "tls.crt", "a certificate", "tls.key", "a key");
        world.secret("redis", "url", "redis://redis.example.com");
        world.apply(ALL);
        world.awaitCondition("Available", "False", "ConfigMapMissing");
        world.client
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("internal-ca")
                        .withNamespace(world.namespace)
                        .endMetadata()
                        .addToData("ca.crt", "an authority")
                        .build())
                .create();
        world.awaitCondition("Ready", "True", "AllReady");
        assertThat(made())
                .contains(
                        "HorizontalPodAutoscaler/vault",
                        "NetworkPolicy/vault",
                        "NetworkPolicy/vault-maintenance",
                        "NetworkPolicy/vault-redis",
                        "PodDisruptionBudget/vault",
                        "Secret/vault-redis",
                        "Service/vault-redis",
                        "ServiceMonitor/vault",
                        "StatefulSet/vault-redis");
        assertThat(volumes()).contains("tls", "issuer-cas", "cluster");
        assertThat(environment()).contains("TOKENIZER_TLS", "TOKENIZER_ISSUER_CAS", "TOKENIZER_CLUSTER_ACCOUNT");
        assertThat(world.vault().get().getStatus().endpoint()).startsWith("https://");
        world.awaitCondition("LinksEncrypted", "False", "ClearText");
        world.awaitCondition("CallersAuthenticated", "False", "SimpleApiEnabled");

        world.apply(NONE);
        await().untilAsserted(() -> assertThat(made())
                .containsExactly(
                        "ConfigMap/vault-settings",
                        "CronJob/vault-sweep",
                        "Deployment/vault",
                        "Secret/vault-keyring",
                        "Service/vault"));
        world.awaitCondition("Ready", "True", "AllReady");
        assertThat(volumes()).doesNotContain("tls", "issuer-cas", "cluster");
        assertThat(environment()).doesNotContain("TOKENIZER_TLS", "TOKENIZER_CLUSTER_ACCOUNT");
        assertThat(world.vault().get().getStatus().endpoint()).startsWith("http://");
    }

    @Test
    void whatTheAutoscalerChoseIsLeftAlone() {
        world.apply("  autoscaling: {minReplicas: 2, maxReplicas: 4}\n");
        world.awaitCondition("Ready", "True", "AllReady");
        world.deployment().scale(3);
        await().until(() ->
                Integer.valueOf(3).equals(world.vault().get().getStatus().replicas()));
        // A change that the operator has to write does not take the number back.
        world.apply("  autoscaling: {minReplicas: 2, maxReplicas: 4}\n  pods: {priorityClassName: high}\n");
        await().until(() -> "high".equals(pod().getPriorityClassName()));
        assertThat(world.deployment().get().getSpec().getReplicas()).isEqualTo(3);
        world.apply("  replicas: 2\n");
        await().until(() -> world.deployment().get().getSpec().getReplicas() == 2);
    }

    @Test
    void anotherMemoryOfTheManagedRedisReachesItsPodAndIsWrittenOnce() throws Exception {
        world.apply("  grants: {redis: {managed: {storage: 2Gi}}}\n");
        world.awaitCondition("Ready", "True", "AllReady");
        assertThat(redis().getArgs()).contains("160mb");
        world.apply("  grants: {redis: {managed: {storage: 2Gi, memory: 1.5Gi}}}\n");
        await().untilAsserted(() -> assertThat(redis().getArgs()).contains("501mb"));
        assertThat(redis().getResources().getLimits()).containsEntry("memory", new Quantity("1536Mi"));
        world.awaitCondition("Ready", "True", "AllReady");
        List<String> written = writesOfRedis();
        assertThat(written).isNotEmpty();
        // A change of a Secret that the resource names starts a pass.
        world.awaitPassAfter(() -> world.secret(
                "s3-credentials", "accessKeyId", World.ACCESS, "secretAccessKey", World.SECRET, "note", "unused"));
        assertThat(writesOfRedis()).hasSameSizeAs(written);
    }

    @Test
    void aCertificateThatIsMissingIsNamedAndNoticedWhenItComes() {
        world.apply("  tls: {secretName: vault-tls}\n");
        world.awaitCondition("Available", "False", "SecretMissing");
        world.secret("vault-tls", "tls.crt", "a certificate");
        world.awaitCondition("Available", "False", "SecretIncomplete");
        world.secret("vault-tls", "tls.crt", "a certificate", "tls.key", "a key");
        world.awaitCondition("Ready", "True", "AllReady");
    }

    private List<String> writesOfRedis() throws IOException {
        return world.writes().stream()
                .filter(write -> write.contains("/statefulsets/vault-redis"))
                .toList();
    }

    private Container redis() {
        return world.client
                .apps()
                .statefulSets()
                .inNamespace(world.namespace)
                .withName("vault-redis")
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
    }

    private PodSpec pod() {
        return world.deployment().get().getSpec().getTemplate().getSpec();
    }

    private List<String> volumes() {
        return pod().getVolumes().stream().map(Volume::getName).toList();
    }

    private List<String> environment() {
        Container container = pod().getContainers().get(0);
        return container.getEnv().stream().map(EnvVar::getName).toList();
    }

    /** Kind and name of all objects of the operator in the namespace. */
    private Set<String> made() {
        Set<String> made = new TreeSet<>();
        for (OwnedKind kind : OwnedKind.ALL) {
            world.client
                    .genericKubernetesResources(kind.apiVersion(), kind.kind())
                    .inNamespace(world.namespace)
                    .withLabel("app.kubernetes.io/managed-by", "tokenizer-operator")
                    .list()
                    .getItems()
                    .forEach(object ->
                            made.add(kind.kind() + "/" + object.getMetadata().getName()));
        }
        return made;
    }
}
