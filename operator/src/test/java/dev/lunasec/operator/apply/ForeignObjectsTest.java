package dev.lunasec.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.operator.World;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.keyring.KeyringChanges;
import dev.lunasec.operator.observe.VaultObserver;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator neither takes over nor deletes an object of another owner, whatever its name and its labels are. */
@Tag("api-server")
class ForeignObjectsTest {
    private static final String HELM = "{app.kubernetes.io/instance: vault, app.kubernetes.io/managed-by: Helm}";
    private static final String COPIED = "{app.kubernetes.io/name: tokenizer, app.kubernetes.io/instance: vault,"
            + " app.kubernetes.io/component: tokenizer, app.kubernetes.io/managed-by: tokenizer-operator}";

    private static final String POD = "{metadata: {labels: {app: other}},"
            + " spec: {restartPolicy: %s, containers: [{name: other, image: \"other:1\"}]}}";
    private static final String CONFIG_MAP = """
            {apiVersion: v1, kind: ConfigMap, metadata: {name: vault-settings, labels: %s}, data: {a: b}}""";
    private static final String SECRET = """
            {apiVersion: v1, kind: Secret, metadata: {name: vault-redis, labels: %s}, data: {a: Yg==}}""";
    private static final String SERVICE = """
            {apiVersion: v1, kind: Service, metadata: {name: vault, labels: %s}, spec: {ports: [{port: 80}]}}""";
    private static final String DEPLOYMENT = """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: vault, labels: %s},
             spec: {replicas: 1, selector: {matchLabels: {app: other}}, template:\s""" + POD.formatted("Always") + "}}";
    private static final String CRON_JOB = """
            {apiVersion: batch/v1, kind: CronJob, metadata: {name: vault-sweep, labels: %s},
             spec: {schedule: "0 0 1 1 *", jobTemplate: {spec: {template:\s""" + POD.formatted("Never") + "}}}}";

    private World world;
    private final List<HasMetadata> foreign = new ArrayList<>();
    private String delete = "";

    @BeforeEach
    void start() throws Exception {
        world = new World();
        delete = ", deletionPolicy: Delete, confirmDeletion: " + world.bucket();
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {HELM, COPIED})
    void aTakenNameIsReportedAndTheObjectStaysAsItIs(String labels) {
        HasMetadata settings = create(CONFIG_MAP.formatted(labels));
        create(SECRET.formatted(labels));
        create(SERVICE.formatted(labels));
        create(DEPLOYMENT.formatted(labels));
        create(CRON_JOB.formatted(labels));
        world.applyStorage(delete);
        world.awaitCondition("Ready", "False", "NameTaken");
        assertThat(world.condition("Ready").getMessage())
                .contains("ConfigMap vault-settings", "Secret vault-redis", "Service vault");

        remove(settings);
        await().untilAsserted(() -> assertThat(world.condition("Ready").getMessage())
                .contains("Deployment vault", "CronJob vault-sweep")
                .doesNotContain("ConfigMap"));
        foreign.forEach(this::assertUntouched);

        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        foreign.forEach(this::assertUntouched);
    }

    @Test
    void theVaultBecomesReadyWhenTheNameIsFree() {
        HasMetadata settings = create(CONFIG_MAP.formatted(HELM));
        world.applyStorage("");
        world.awaitCondition("Ready", "False", "NameTaken");
        remove(settings);
        world.awaitCondition("Ready", "True", "AllReady");
    }

    /** A finished Job of this name would otherwise count as a sweep, and the rotation would go on without one. */
    @Test
    void aForeignJobDoesNotCountAsAStepOfARotation() {
        world.applyStorage("");
        world.awaitCondition("Ready", "True", "AllReady");
        create(job("vault-sweep-share-1", COPIED));
        world.apply("", "  keys: {rotation: 2, gracePeriod: 1h}\n");
        world.awaitCondition("Ready", "False", "NameTaken");
        assertThat(world.condition("Ready").getMessage()).contains("Job vault-sweep-share-1");
        foreign.forEach(this::assertUntouched);
    }

    /** A Helm release with the name of the vault labels its objects in the same way. */
    @Test
    void jobsAndPodsOfAnotherOwnerDoNotDelayADeletionAndSurviveIt() {
        vault();
        create(job("other", HELM));
        create(runningPod(HELM));
        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        assertThat(world.bucketExists()).isFalse();
        foreign.forEach(this::assertUntouched);
    }

    @Test
    void aDeletionLeavesObjectsThatReplacedThoseOfTheVault() throws Exception {
        vault();
        world.stopOperator();
        world.deployment().delete();
        world.client
                .batch()
                .v1()
                .cronjobs()
                .inNamespace(world.namespace)
                .withName("vault-sweep")
                .delete();
        create(DEPLOYMENT.formatted(COPIED));
        create(CRON_JOB.formatted(COPIED));
        create(job("vault-sweep-share-1", COPIED));
        step();
        foreign.forEach(this::assertUntouched);
    }

    /** Its lookup key is another one, so the identity in the bucket is not that of its vault. */
    @Test
    void aDeletionLeavesASecretThatOnlyHasTheNameOfTheKeyring() {
        vault();
        world.stopOperator();
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .edit(secret -> {
                    String location = secret.getData().get("location");
                    Map<String, String> other = KeyringChanges.generate(1, Instant.now(), new SecureRandom());
                    return secret.edit()
                            .withData(other)
                            .addToData("location", location)
                            .build();
                });
        foreign.add(world.secret("vault-keyring"));
        assertThatThrownBy(this::step).isInstanceOf(StorageFailed.class).hasMessageContaining("not proven");
        foreign.forEach(this::assertUntouched);
        assertThat(world.bucketExists()).isTrue();
    }

    private void vault() {
        world.applyStorage(delete);
        world.awaitCondition("Ready", "True", "AllReady");
    }

    private void step() throws Exception {
        try (BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ofMillis(100))) {
            VaultObserver observer = new VaultObserver(world.settings(null).vaults(), buckets);
            new VaultDeletion(observer, buckets).step(world.vault().get(), world.client, 0, Instant.now());
        }
    }

    private static String job(String name, String labels) {
        return "{apiVersion: batch/v1, kind: Job, metadata: {name: %s, labels: %s}, spec: {template: %s}}"
                .formatted(name, labels, POD.formatted("Never"));
    }

    private String runningPod(String labels) {
        world.client
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(world.namespace)
                        .endMetadata()
                        .build())
                .create();
        return """
                {apiVersion: v1, kind: Pod, metadata: {name: other, labels: %s},
                 spec: {nodeName: dead, containers: [{name: other, image: "other:1"}]}}""".formatted(labels);
    }

    private HasMetadata create(String yaml) {
        HasMetadata object = world.client.getKubernetesSerialization().unmarshal("---\n" + yaml);
        object.getMetadata().setNamespace(world.namespace);
        HasMetadata created = world.client.resource(object).create();
        foreign.add(created);
        return created;
    }

    private void remove(HasMetadata object) {
        foreign.remove(object);
        world.client.resource(object).delete();
    }

    private void assertUntouched(HasMetadata before) {
        HasMetadata now = world.client.resource(before).get();
        assertThat(now)
                .as("%s %s", before.getKind(), before.getMetadata().getName())
                .isNotNull();
        assertThat(written(now)).isEqualTo(written(before));
    }

    /** What its owner wrote; controllers write the rest. */
    private Map<String, Object> written(HasMetadata object) {
        Map<String, Object> all = world.client
                .getKubernetesSerialization()
                .convertValue(object, GenericKubernetesResource.class)
                .getAdditionalProperties();
        all.remove("status");
        all.put("uid", object.getMetadata().getUid());
        all.put("labels", object.getMetadata().getLabels());
        all.put("owners", object.getMetadata().getOwnerReferences());
        all.put("deleted", object.getMetadata().getDeletionTimestamp() != null);
        return all;
    }
}
