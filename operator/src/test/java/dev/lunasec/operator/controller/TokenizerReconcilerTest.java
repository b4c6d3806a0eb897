package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.contract.RedisAccess;
import dev.lunasec.operator.World;
import dev.lunasec.operator.bucket.s3.Store;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.report.StatusBuilder;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;

/** The real reconciler, the real API server and a store that enforces signatures and SSE-C. */
@Tag("api-server")
class TokenizerReconcilerTest {
    private World world;

    @BeforeEach
    void start() throws Exception {
        world = new World();
    }

    @AfterEach
    void stop() throws Exception {
        world.close();
    }

    @Test
    void oneResourceBecomesAVault() {
        world.apply("  replicas: 3\n");
        world.awaitCondition("Ready", "True", "AllReady");

        var in = world.client;
        assertThat(world.deployment().get().getSpec().getReplicas()).isEqualTo(3);
        assertThat(in.services().inNamespace(world.namespace).withName("vault").get())
                .isNotNull();
        assertThat(in.configMaps()
                        .inNamespace(world.namespace)
                        .withName("vault-settings")
                        .get()
                        .getData())
                .containsKey("settings.json");
        assertThat(in.apps()
                        .statefulSets()
                        .inNamespace(world.namespace)
                        .withName("vault-redis")
                        .get())
                .isNotNull();
        assertThat(in.services()
                        .inNamespace(world.namespace)
                        .withName("vault-redis")
                        .get())
                .isNotNull();
        assertThat(world.secret("vault-redis").getData()).containsOnlyKeys("password", "url", "users.acl", "instance");
        Secret keyring = world.secret("vault-keyring");
        assertThat(keyring.getData())
                .containsOnlyKeys(
                        "lookup",
                        "lookup-check",
                        "share-1",
                        "made-1",
                        "primary",
                        "rotation",
                        "location",
                        "owner-cluster");
        assertThat(new String(
                        Base64.getDecoder().decode(keyring.getData().get("owner-cluster")), StandardCharsets.UTF_8))
                .isEqualTo(in.namespaces()
                        .withName("kube-system")
                        .get()
                        .getMetadata()
                        .getUid());
        assertThat(keyring.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(keyring.getMetadata().getFinalizers()).containsExactly(Annotations.KEYRING_FINALIZER);

        // It is written after the status.
        await().untilAsserted(() -> assertThat(in.events()
                        .v1()
                        .events()
                        .inNamespace(world.namespace)
                        .list()
                        .getItems())
                .as("one Event for the transition to ready")
                .filteredOn(event -> event.getReason().equals("AllReady"))
                .hasSize(1));
        Tokenizer vault = world.vault().get();
        assertThat(vault.getMetadata().getFinalizers()).containsExactly("lunasec.dev/tokenizer");
        assertThat(vault.getStatus().audience()).isEqualTo("tokenizer/" + world.namespace + "/vault");
        assertThat(vault.getStatus().endpoint()).isEqualTo("http://vault." + world.namespace + ".svc:37766");
        assertThat(Objects.requireNonNull(vault.getStatus().keys()).shares())
                .containsExactly(new TokenizerStatus.Share(1, TokenizerStatus.ShareState.ACTIVE));
        assertThat(vault.getStatus().replicas()).isEqualTo(3);
        assertThat(vault.getStatus().observedGeneration())
                .isEqualTo(vault.getMetadata().getGeneration());
        assertThat(StatusBuilder.conditions(vault))
                .extracting(Condition::getType)
                .containsExactlyInAnyOrder(
                        "StorageReady",
                        "GrantsReady",
                        "KeysReady",
                        "Available",
                        "Rotating",
                        "Ready",
                        "LinksEncrypted",
                        "CallersAuthenticated");
    }

    @Test
    void aNewVaultIsBoundToItsBucketWithoutAWarning() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        assertThat(world.client
                        .events()
                        .v1()
                        .events()
                        .inNamespace(world.namespace)
                        .list()
                        .getItems())
                .filteredOn(event -> List.of("Binding", "Unbound").contains(event.getReason()))
                .isNotEmpty()
                .allMatch(event -> event.getType().equals("Normal"));
    }

    /** They say when a setting was written in vain, so that an operator that starts anew does not write it again. */
    @Test
    void theResultsOfTheSettingsStayWhileTheStoreIsAway() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        TokenizerStatus.StorageStatus before = world.vault().get().getStatus().storage();
        assertThat(Objects.requireNonNull(before).settings()).isNotEmpty();
        world.credentials("wrong");
        world.awaitCondition("StorageReady", "False", "CredentialsRejected");
        assertThat(world.vault().get().getStatus().storage()).isEqualTo(before);
    }

    @Test
    void aSecondPassOverAnUnchangedVaultWritesNothing() throws Exception {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        world.stopOperator();
        Tokenizer before = world.vault().get();
        List<String> written = world.writes();
        assertThat(written).as("the audit log sees this operator").isNotEmpty();

        world.startOperator();
        await().until(() -> world.passes() >= 1);
        // A change of a Secret that the resource names starts a pass.
        world.awaitPassAfter(() -> world.secret(
                "s3-credentials", "accessKeyId", World.ACCESS, "secretAccessKey", World.SECRET, "note", "unused"));
        world.stopOperator();
        assertThat(world.writes()).hasSameSizeAs(written);
        assertThat(world.vault().get().getMetadata().getResourceVersion())
                .isEqualTo(before.getMetadata().getResourceVersion());
    }

    /** What the chart's alarm of an absent operator rests on. */
    @Test
    void anOperatorWithoutAVaultHasASeriesOfItsOwn() throws Exception {
        Matcher absent = Pattern.compile("absent\\((\\w+)\\)")
                .matcher(Files.readString(Path.of("../helm/templates/prometheusrule.yaml")));
        assertThat(absent.find()).isTrue();
        assertThat(world.scrape()).contains(absent.group(1) + " ").doesNotContain("tokenizer_vault_condition");
    }

    @Test
    void aLostKeyringIsNeverMadeAnewOverRecords() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        Secret saved = world.secret("vault-keyring");
        putRecord();

        removeKeyring();
        world.awaitCondition("KeysReady", "False", "KeyringLost");
        assertThat(world.condition("KeysReady").getMessage())
                .contains("vault-keyring")
                .contains("restore");
        assertThat(world.has("vault-keyring")).isFalse();
        assertThat(world.condition("Ready").getStatus()).isEqualTo("False");

        saved.getMetadata().setResourceVersion(null);
        saved.getMetadata().setUid(null);
        world.client.resource(saved).create();
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @Test
    void noKeyringIsMadeWhileTheStoreCannotBeAsked() {
        world.credentials("wrong");
        world.apply("");
        world.awaitCondition("KeysReady", "Unknown", "StorageUnknown");
        assertThat(world.has("vault-keyring")).isFalse();
    }

    @Test
    void wrongCredentialsAreNamedAndClearByThemselves() {
        world.credentials("wrong");
        world.apply("");
        world.awaitCondition("StorageReady", "False", "CredentialsRejected");
        world.credentials(World.SECRET);
        world.awaitCondition("StorageReady", "True", "Ready");
    }

    @Test
    void aBucketOfAnotherOwnerIsNamedAndClearsByItself() {
        world.store.fault = (method, path, query, exchange) ->
                path.startsWith("/" + world.bucket()) ? new Answer(403, "AccessDenied") : null;
        world.apply("");
        world.awaitCondition("StorageReady", "False", "BucketNotOwned");
        world.awaitCondition("Ready", "False", "BucketNotOwned");
        world.store.fault = Store.NONE;
        world.awaitCondition("StorageReady", "True", "Ready");
    }

    @Test
    void aStoreThatBlocksSsecIsNamedAndClearsByItself() {
        world.store.fault = (method, path, query, exchange) -> {
            boolean ssec = exchange.getRequestHeaders().containsKey("x-amz-server-side-encryption-customer-key");
            return "encryption".equals(query) || (ssec && method.equals("PUT"))
                    ? new Answer(403, "AccessDenied")
                    : null;
        };
        world.apply("");
        world.awaitCondition("StorageReady", "False", "SSECBlocked");
        world.store.fault = Store.NONE;
        world.awaitCondition("StorageReady", "True", "Ready");
    }

    @Test
    void aMissingSecretIsNamedAndNoticedWhenItIsCreated() {
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("s3-credentials")
                .delete();
        world.apply("");
        world.awaitCondition("StorageReady", "False", "SecretMissing");
        assertThat(world.condition("StorageReady").getMessage()).contains("s3-credentials");
        world.credentials(World.SECRET);
        world.awaitCondition("Ready", "True", "AllReady");
    }

    @Test
    void anExternalRedisNeedsNoManagedOne() {
        world.apply("  grants: {redis: {external: {secretName: redis}}}\n");
        world.awaitCondition("GrantsReady", "False", "SecretMissing");
        world.secret("redis", "url", "rediss://redis.example.com:99999");
        world.awaitCondition("GrantsReady", "False", "RedisUrlInvalid");
        assertThat(world.condition("GrantsReady").getMessage())
                .contains("The key url of the Secret redis", "write host:port")
                .doesNotContain("example");
        world.secret("redis", "url", "rediss-sentinel://user:password@a.example.com,b.example.com:5000#primary");
        world.awaitCondition("Ready", "True", "AllReady");
        await().until(() -> openPorts().containsAll(List.of(6379, 5000, 26379)));
        // Pods that run have the old URL, and must reach its Redis.
        world.secret("redis", "url", "redis.example.com");
        world.awaitCondition("GrantsReady", "False", "RedisUrlInvalid");
        assertThat(openPorts()).contains(6379, 5000, 26379);
        assertThat(world.has("vault-redis")).isFalse();
        assertThat(world.client
                        .apps()
                        .statefulSets()
                        .inNamespace(world.namespace)
                        .list()
                        .getItems())
                .isEmpty();
    }

    private List<Integer> openPorts() {
        return world
                .client
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(world.namespace)
                .withName("vault")
                .get()
                .getSpec()
                .getEgress()
                .stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal())
                .toList();
    }

    @Test
    void deletionKeepsTheKeyring() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        Map<String, String> keys = world.secret("vault-keyring").getData();
        world.vault().delete();
        await().until(() -> world.vault().get() == null);
        assertThat(world.secret("vault-keyring").getData()).isEqualTo(keys);
        assertThat(world.secret("vault-keyring").getMetadata().getDeletionTimestamp())
                .isNull();
    }

    @Test
    void transitionTimesStay() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        String since = world.condition("StorageReady").getLastTransitionTime();

        world.apply("  keys: {rotation: 1, gracePeriod: 1h}\n");
        await().until(() -> world.condition("StorageReady")
                .getObservedGeneration()
                .equals(world.vault().get().getMetadata().getGeneration()));
        assertThat(world.condition("StorageReady").getLastTransitionTime()).isEqualTo(since);
    }

    @Test
    void theRedisPasswordStaysWhenItsConfigurationIsRestored() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        String password = world.secret("vault-redis").getData().get("password");
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-redis")
                .edit(secret -> secret.edit().addToData("users.acl", "").build());
        await().until(() ->
                !Objects.equals("", world.secret("vault-redis").getData().get("users.acl")));
        assertThat(world.secret("vault-redis").getData().get("password")).isEqualTo(password);
    }

    @Test
    void aReplacedRedisPasswordRollsThePodsAndNotRedis() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        var redis =
                world.client.apps().statefulSets().inNamespace(world.namespace).withName("vault-redis");
        long generation = redis.get().getMetadata().getGeneration();
        String before = pods();
        String password = "another-password-0123456789";
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-redis")
                .edit(secret ->
                        secret.edit().addToData("password", base64(password)).build());
        await().untilAsserted(() -> assertThat(world.secret("vault-redis").getData())
                .containsEntry(
                        "users.acl",
                        base64("user default on >" + password + " " + RedisAccess.RULES + " +acl|load\n")));
        assertThat(pods()).isNotEqualTo(before);
        assertThat(redis.get().getMetadata().getGeneration()).isEqualTo(generation);
    }

    private String pods() {
        return world.deployment()
                .get()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void removeKeyring() {
        var keyring = world.client.secrets().inNamespace(world.namespace).withName("vault-keyring");
        keyring.edit(secret -> secret.edit()
                .editMetadata()
                .withFinalizers(List.of())
                .endMetadata()
                .build());
        keyring.delete();
    }

    private void putRecord() {
        StoreLocation location = new StoreLocation(world.bucket(), "us-east-1", world.store.endpoint(), true);
        try (S3Connection store = new S3Connection(location, new AccessKeys(World.ACCESS, World.SECRET), null)) {
            store.s3().putObject(p -> p.bucket(world.bucket()).key("records/1/some"), RequestBody.fromString("record"));
        }
    }
}
