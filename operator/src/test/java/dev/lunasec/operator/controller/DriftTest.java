package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.operator.World;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The operator restores what others change or delete of a vault, and replaces the pods when what they read once
 * changes.
 */
@Tag("api-server")
class DriftTest {
    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void whatIsDeletedIsCreatedAgain() {
        children().forEach((name, child) -> {
            String uid = uid(child);
            child.delete();
            await(name).until(() -> child.get() != null && !Objects.equals(uid, uid(child)));
        });
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @Test
    void whatIsChangedIsRestored() {
        var client = world.client;
        String in = world.namespace;
        client.configMaps()
                .inNamespace(in)
                .withName("vault-settings")
                .edit(m -> m.edit().addToData("settings.json", "{}").build());
        client.services()
                .inNamespace(in)
                .withName("vault")
                .edit(s -> s.edit()
                        .editSpec()
                        .addToSelector("app.kubernetes.io/component", "other")
                        .endSpec()
                        .build());
        world.deployment()
                .edit(d -> d.edit()
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withImage("evil:1")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        client.network()
                .v1()
                .networkPolicies()
                .inNamespace(in)
                .withName("vault")
                .edit(n -> n.edit().editSpec().withIngress().endSpec().build());
        client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(in)
                .withName("vault")
                .edit(p ->
                        p.edit().editSpec().withNewMaxUnavailable(2).endSpec().build());
        client.apps()
                .statefulSets()
                .inNamespace(in)
                .withName("vault-redis")
                .edit(s -> s.edit().editSpec().withReplicas(0).endSpec().build());
        await().untilAsserted(() -> {
            assertThat(client.configMaps()
                            .inNamespace(in)
                            .withName("vault-settings")
                            .get()
                            .getData()
                            .get("settings.json"))
                    .contains(world.bucket());
            assertThat(client.services()
                            .inNamespace(in)
                            .withName("vault")
                            .get()
                            .getSpec()
                            .getSelector())
                    .containsEntry("app.kubernetes.io/component", "tokenizer");
            assertThat(world.deployment()
                            .get()
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .getImage())
                    .isEqualTo("tokenizer:test");
            assertThat(client.network()
                            .v1()
                            .networkPolicies()
                            .inNamespace(in)
                            .withName("vault")
                            .get()
                            .getSpec()
                            .getIngress())
                    .isNotEmpty();
            assertThat(client.policy()
                            .v1()
                            .podDisruptionBudget()
                            .inNamespace(in)
                            .withName("vault")
                            .get()
                            .getSpec()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isEqualTo(1);
            assertThat(client.apps()
                            .statefulSets()
                            .inNamespace(in)
                            .withName("vault-redis")
                            .get()
                            .getSpec()
                            .getReplicas())
                    .isEqualTo(1);
        });
    }

    @Test
    void podsRollWhenWhatTheyReadOnceChangesAndForNothingElse() throws Exception {
        String before = references();
        assertThat(before).matches("[0-9a-f]{16}");
        // The store does not know this key, but that does not matter here.
        world.credentials("another");
        await().until(() -> !references().equals(before));
        world.credentials(World.SECRET);
        await().until(() -> references().equals(before));

        world.awaitPassAfter(() -> world.secret(
                "s3-credentials", "accessKeyId", World.ACCESS, "secretAccessKey", World.SECRET, "note", "unused"));
        assertThat(references()).isEqualTo(before);
    }

    @Test
    void podsStayAsTheyAreWhileASecretThatTheyMountIsMissing() {
        String before = references();
        Long generation = world.deployment().get().getMetadata().getGeneration();
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("s3-credentials")
                .delete();
        world.awaitCondition("StorageReady", "False", "SecretMissing");
        assertThat(references()).isEqualTo(before);
        assertThat(world.deployment().get().getMetadata().getGeneration()).isEqualTo(generation);

        world.credentials(World.SECRET);
        world.awaitCondition("Ready", "True", "AllReady");
        assertThat(references()).isEqualTo(before);
    }

    @Test
    void aPausedVaultIsLeftAloneUntilItGoesOn() {
        world.pause(true);
        world.awaitCondition("Paused", "True", "Paused");
        TokenizerStatus before = world.vault().get().getStatus();
        world.awaitPassAfter(() -> world.client
                .services()
                .inNamespace(world.namespace)
                .withName("vault")
                .delete());
        world.apply("  replicas: 3\n");
        Long generation = world.vault().get().getMetadata().getGeneration();
        await().until(() -> generation.equals(world.condition("Paused").getObservedGeneration()));
        assertThat(world.condition("Ready"))
                .as("the operator does not observe it")
                .returns("Unknown", Condition::getStatus)
                .returns("Paused", Condition::getReason);
        assertThat(world.vault().get().getStatus().observedGeneration())
                .isEqualTo(before.observedGeneration())
                .isLessThan(generation);
        assertThat(world.client
                        .services()
                        .inNamespace(world.namespace)
                        .withName("vault")
                        .get())
                .isNull();
        assertThat(deploymentReplicas()).isEqualTo(2);

        world.pause(false);
        await().until(() -> deploymentReplicas() == 3);
        await().until(() -> world.condition("Paused").getType() == null);
        world.awaitCondition("Ready", "True", "AllReady");
    }

    private int deploymentReplicas() {
        return world.deployment().get().getSpec().getReplicas();
    }

    private String references() {
        return String.valueOf(world.deployment()
                .get()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("lunasec.dev/references"));
    }

    private Map<String, Resource<? extends HasMetadata>> children() {
        var client = world.client;
        String in = world.namespace;
        Map<String, Resource<? extends HasMetadata>> children = new LinkedHashMap<>();
        children.put("settings", client.configMaps().inNamespace(in).withName("vault-settings"));
        children.put("redis secret", client.secrets().inNamespace(in).withName("vault-redis"));
        children.put("redis service", client.services().inNamespace(in).withName("vault-redis"));
        children.put("redis", client.apps().statefulSets().inNamespace(in).withName("vault-redis"));
        children.put(
                "redis policy",
                client.network().v1().networkPolicies().inNamespace(in).withName("vault-redis"));
        children.put(
                "maintenance policy",
                client.network().v1().networkPolicies().inNamespace(in).withName("vault-maintenance"));
        children.put(
                "policy",
                client.network().v1().networkPolicies().inNamespace(in).withName("vault"));
        children.put(
                "budget",
                client.policy().v1().podDisruptionBudget().inNamespace(in).withName("vault"));
        children.put("service", client.services().inNamespace(in).withName("vault"));
        children.put("deployment", world.deployment());
        return children;
    }

    private static String uid(Resource<? extends HasMetadata> resource) {
        HasMetadata object = resource.get();
        return object == null ? "" : object.getMetadata().getUid();
    }
}
