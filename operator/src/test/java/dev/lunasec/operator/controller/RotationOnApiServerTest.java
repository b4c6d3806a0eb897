package dev.lunasec.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.api.v1alpha1.TokenizerStatus.KeysStatus;
import dev.lunasec.api.v1alpha1.TokenizerStatus.RecordsStatus;
import dev.lunasec.api.v1alpha1.TokenizerStatus.Share;
import dev.lunasec.api.v1alpha1.TokenizerStatus.ShareState;
import dev.lunasec.operator.World;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The operator's side of a rotation at a real API server: pods and Jobs are what the test makes of them. */
@Tag("api-server")
class RotationOnApiServerTest {
    private static final String RECORD = "0123456789abcdef0123456789abcdef";

    private final World world;
    private int pods;

    RotationOnApiServerTest() throws Exception {
        world = new World();
    }

    @BeforeEach
    void aVaultWithARecord() {
        world.apply("");
        world.awaitCondition("Ready", "True", "AllReady");
        world.put("records/1/" + RECORD);
        // Which no controller makes here, and no pod is let in without.
        world.client
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(world.namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void everyShareGoesItsWayAndEachStepWaitsForWhatItNeeds() {
        pod("primary=1 shares=1");
        world.apply("  keys: {rotation: 2, gracePeriod: 1h}\n");
        world.awaitCondition("Rotating", "True", "Distributing");
        eventually()
                .untilAsserted(() ->
                        assertThat(keyring()).containsKeys("share-1", "share-2").containsEntry("primary", base64("1")));
        String share = Objects.requireNonNull(keyring().get("share-1"));

        replacedBy("primary=1 shares=1,2");
        world.awaitCondition("Rotating", "True", "Promoting");
        eventually().untilAsserted(() -> assertThat(keyring()).containsEntry("primary", base64("2")));
        assertThat(world.job("vault-rewrap-1"))
                .as("while a pod writes the old share")
                .isNull();

        replacedBy("primary=2 shares=1,2");
        world.awaitCondition("Rotating", "True", "Rewrapping");
        eventually().until(() -> world.job("vault-rewrap-1") != null);
        assertThat(rewrapEnvironment())
                .contains(new EnvVar("TOKENIZER_REWRAP_SHARE", "1", null))
                .contains(new EnvVar("TOKENIZER_REWRAP_RATE", "50.0", null))
                .contains(new EnvVar("TOKENIZER_KEYRING_EXPECTED", "primary=2 shares=1,2", null));
        eventually().untilAsserted(() -> assertThat(records().left()).isEqualTo(1));

        world.remove("records/1/" + RECORD);
        world.complete("vault-rewrap-1");
        world.awaitCondition("Rotating", "True", "Verifying");
        eventually().until(() -> world.job("vault-sweep-share-1") != null);
        assertThat(keyring()).as("before the sweep has run").containsKey("share-1");

        world.complete("vault-sweep-share-1");
        world.awaitCondition("Rotating", "True", "Retiring");
        eventually()
                .untilAsserted(() ->
                        assertThat(keyring()).doesNotContainKey("share-1").containsKeys("share-2", "completed-2"));
        assertThat(world.secret("vault-keyring-retired").getData()).containsEntry("share-1", share);
        replacedBy("primary=2 shares=2");
        world.awaitCondition("Rotating", "False", "NotRotating");
        assertThat(keys().shares())
                .containsExactly(new Share(1, ShareState.DEACTIVATED), new Share(2, ShareState.ACTIVE));
        assertThat(keys().lastRotation()).isNotNull();

        world.apply("  keys: {rotation: 2, gracePeriod: 0s}\n");
        eventually()
                .until(() -> !world.secret("vault-keyring-retired").getData().containsKey("share-1"));
        eventually().untilAsserted(() -> assertThat(keys().shares()).contains(new Share(1, ShareState.DESTROYED)));
    }

    @Test
    void anOperatorWhoseClockIsWrongRetiresAndDestroysNoShareUntilTheClockIsSet() {
        world.remove("records/1/" + RECORD);
        world.operatorAhead = Duration.ofDays(365);
        world.apply("  keys: {rotation: 2, gracePeriod: 1h}\n");
        sweepIsDone();
        world.awaitCondition("Rotating", "True", "ClocksDisagree");
        assertThat(keyring()).containsKey("share-1");

        world.operatorAhead = Duration.ZERO;
        world.awaitCondition("Rotating", "False", "NotRotating");
        String retired = retired().get("retired-1");
        assertThat(keyring()).doesNotContainKey("share-1");

        world.operatorAhead = Duration.ofDays(-365);
        world.apply("  keys: {rotation: 2, gracePeriod: 0s}\n");
        world.awaitCondition("Rotating", "True", "ClocksDisagree");
        assertThat(retired()).containsKey("share-1").containsEntry("retired-1", retired);

        world.operatorAhead = Duration.ZERO;
        eventually().until(() -> !retired().containsKey("share-1"));
    }

    @Test
    void aRecordThatCameLateBringsItsShareBack() {
        world.remove("records/1/" + RECORD);
        rotate("gracePeriod: 1h");
        world.put("records/1/" + RECORD);
        world.apply("  keys: {rotation: 2, gracePeriod: 2h}\n"); // which makes the operator look, as time would
        world.awaitCondition("Rotating", "True", "Rewrapping");
        eventually().untilAsserted(() -> assertThat(keyring()).containsKeys("share-1", "share-2"));
        eventually().until(() -> world.job("vault-rewrap-1") != null);
    }

    @Test
    void whoAsksForItGetsAShareBack() {
        world.remove("records/1/" + RECORD);
        rotate("gracePeriod: 1h");
        world.apply("  keys: {rotation: 2, gracePeriod: 1h, keep: [1]}\n");
        eventually().untilAsserted(() -> assertThat(keyring()).containsKey("share-1"));
        world.apply("  keys: {rotation: 2, gracePeriod: 1h}\n");
        eventually().untilAsserted(() -> assertThat(keyring()).doesNotContainKey("share-1"));
    }

    @Test
    void quarantinedRecordsHoldTheShareUntilSomeoneDecides() {
        world.remove("records/1/" + RECORD);
        world.put("quarantine/1/" + RECORD);
        world.apply("  keys: {rotation: 2}\n");
        sweepIsDone();
        world.awaitCondition("Rotating", "True", "RecordsQuarantined");
        assertThat(records().quarantined()).isEqualTo(1);
        assertThat(keyring()).containsKey("share-1");
        world.apply("  keys: {rotation: 2, giveUp: [1]}\n");
        world.awaitCondition("Rotating", "False", "NotRotating");
        assertThat(keyring()).doesNotContainKey("share-1");
    }

    @Test
    void aCompromisedShareIsLeftAtOnceAtFullRateAndWithoutGrace() {
        world.apply("  keys: {rotation: 1, compromised: [1]}\n");
        world.awaitCondition("Rotating", "True", "Rewrapping");
        eventually().until(() -> world.job("vault-rewrap-1") != null);
        assertThat(rewrapEnvironment()).extracting(EnvVar::getName).doesNotContain("TOKENIZER_REWRAP_RATE");
        assertThat(keys().shares()).contains(new Share(1, ShareState.COMPROMISED));
        world.remove("records/1/" + RECORD);
        world.complete("vault-rewrap-1");
        sweepIsDone();
        eventually()
                .untilAsserted(() -> assertThat(keys().shares())
                        .containsExactly(new Share(1, ShareState.DESTROYED), new Share(2, ShareState.ACTIVE)));
    }

    @Test
    void theCountsOfRecordsStayWhileTheStoreGivesNoAnswer() {
        world.apply("  keys: {rotation: 2}\n");
        world.awaitCondition("Rotating", "True", "Rewrapping");
        eventually().untilAsserted(() -> assertThat(records().left()).isEqualTo(1));
        world.store.fault = (method, path, query, exchange) -> new Answer(503, "SlowDown");
        world.awaitPassAfter(() -> world.apply("  keys: {rotation: 2, gracePeriod: 2h}\n"));
        assertThat(records().left()).isEqualTo(1);
    }

    /** A thief of the share can sign receipts with a time before the share left the keyring. */
    @Test
    void theReceiptsOfAShareThatIsNamedCompromisedLaterProveNothing() {
        world.remove("records/1/" + RECORD);
        rotate("gracePeriod: 1h");
        assertThat(text(keyring().get("receipt-1"))).contains("\"compromised\":false");
        world.apply("  keys: {rotation: 2, gracePeriod: 1h, compromised: [1]}\n");
        eventually()
                .untilAsserted(
                        () -> assertThat(text(keyring().get("receipt-1"))).contains("\"compromised\":true"));
        world.apply("  keys: {rotation: 2, gracePeriod: 2h}\n");
        world.awaitCondition("Rotating", "False", "NotRotating");
        assertThat(text(keyring().get("receipt-1"))).contains("\"compromised\":true");
    }

    @Test
    void aKeyringThatIsDeletedInMidRotationIsNotMadeAnew() {
        world.apply("  keys: {rotation: 2}\n");
        world.awaitCondition("Rotating", "True", "Rewrapping");
        Secret copy = world.secret("vault-keyring");
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .delete();
        world.awaitCondition("KeysReady", "False", "KeyringBeingDeleted");
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .edit(secret -> secret.edit()
                        .editMetadata()
                        .withFinalizers()
                        .endMetadata()
                        .build());
        world.awaitCondition("KeysReady", "False", "KeyringLost");
        assertThat(world.condition("KeysReady").getMessage())
                .contains("vault-keyring")
                .contains("restore it");
        assertThat(world.has("vault-keyring")).isFalse();

        copy.getMetadata().setResourceVersion(null);
        copy.getMetadata().setUid(null);
        world.client.resource(copy).create();
        world.awaitCondition("Rotating", "True", "Rewrapping");
        assertThat(keyring()).isEqualTo(copy.getData());
    }

    @Test
    void aKeyringThatIsOlderThanTheBucketIsNotUsed() {
        world.put("records/7/" + RECORD);
        world.apply("  keys: {rotation: 2}\n");
        world.awaitCondition("KeysReady", "False", "KeyringOutdated");
        assertThat(world.condition("KeysReady").getMessage())
                .contains("share 7")
                .contains("vault-keyring");
        assertThat(keyring()).doesNotContainKeys("share-2", "share-8");
        world.remove("records/7/" + RECORD);
        world.awaitCondition("Rotating", "True", "Rewrapping");
    }

    @Test
    void aShareThatIsKeptDoesNotHoldUpAnEmergency() {
        world.remove("records/1/" + RECORD);
        rotate("gracePeriod: 1h");
        world.apply("  keys: {rotation: 2, gracePeriod: 1h, keep: [1]}\n");
        world.awaitCondition("Rotating", "False", "ShareKept");
        world.apply("  keys: {rotation: 2, gracePeriod: 1h, keep: [1], compromised: [2]}\n");
        eventually().untilAsserted(() -> assertThat(keyring()).containsEntry("primary", base64("3")));
        eventually().until(() -> world.job("vault-sweep-share-2") != null);
        world.complete("vault-sweep-share-2");
        world.awaitCondition("Rotating", "False", "ShareKept");
        eventually()
                .untilAsserted(() ->
                        assertThat(keyring()).containsKeys("share-1", "share-3").doesNotContainKey("share-2"));
    }

    @Test
    void fiveBumpsDuringOneRotationAreOneMore() {
        world.remove("records/1/" + RECORD);
        world.apply("  keys: {rotation: 2}\n");
        eventually().until(() -> world.job("vault-sweep-share-1") != null);
        for (int rotation = 3; rotation <= 7; rotation++) world.apply("  keys: {rotation: " + rotation + "}\n");
        world.complete("vault-sweep-share-1");
        eventually().until(() -> world.job("vault-sweep-share-2") != null);
        world.complete("vault-sweep-share-2");
        world.awaitCondition("Rotating", "False", "NotRotating");
        assertThat(keys().primary()).isEqualTo(3);
        assertThat(keys().rotation()).isEqualTo(7);
    }

    @Test
    void keysRotateByThemselvesWhenTheyAreOld() {
        world.remove("records/1/" + RECORD);
        Instant old = Instant.now().minus(Duration.ofDays(100));
        world.client
                .secrets()
                .inNamespace(world.namespace)
                .withName("vault-keyring")
                .edit(secret -> secret.edit()
                        .addToData(
                                "made-1",
                                base64(old.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                        .toString()))
                        .build());
        world.apply("  keys: {rotation: 1, maximumAge: 2400h}\n");
        sweepIsDone();
        eventually().untilAsserted(() -> assertThat(keys().primary()).isEqualTo(2));
        world.awaitCondition("Rotating", "False", "NotRotating");
        assertThat(keys().rotation()).as("what people asked for").isEqualTo(1);
    }

    @Test
    void workersAreReplacedWhenOtherWorkIsAskedFor() {
        world.apply("  keys: {rotation: 2}\n");
        eventually().until(() -> world.job("vault-rewrap-1") != null);
        String first = world.job("vault-rewrap-1").getMetadata().getUid();
        world.apply("  keys: {rotation: 2, rewrapRate: 7, rewrapWorkers: 1}\n");
        eventually()
                .untilAsserted(() -> assertThat(rewrapEnvironment())
                        .contains(new EnvVar("TOKENIZER_REWRAP_RATE", "7.0", null))
                        .contains(new EnvVar("TOKENIZER_REWRAP_WORKERS", "1", null)));
        String second = world.job("vault-rewrap-1").getMetadata().getUid();
        assertThat(second).isNotEqualTo(first);
        world.apply("  keys: {rotation: 2, rewrapRate: 7, rewrapWorkers: 1, compromised: [1]}\n");
        eventually()
                .untilAsserted(() -> assertThat(rewrapEnvironment())
                        .extracting(EnvVar::getName)
                        .contains("TOKENIZER_REWRAP_SHARE")
                        .doesNotContain("TOKENIZER_REWRAP_RATE"));
        String third = world.job("vault-rewrap-1").getMetadata().getUid();
        world.awaitPassAfter(() -> world.apply(
                "  keys: {rotation: 2, rewrapRate: 7, rewrapWorkers: 1, compromised: [1], gracePeriod: 2h}\n"));
        assertThat(world.job("vault-rewrap-1").getMetadata().getUid())
                .as("what is as it should be stays")
                .isEqualTo(third);
    }

    private static ConditionFactory eventually() {
        return await();
    }

    private List<EnvVar> rewrapEnvironment() {
        return Optional.ofNullable(world.job("vault-rewrap-1"))
                .map(job -> job.getSpec().getTemplate().getSpec().getContainers())
                .map(containers -> containers.get(0).getEnv())
                .orElse(List.of());
    }

    private void rotate(String more) {
        world.apply("  keys: {rotation: 2, " + more + "}\n");
        sweepIsDone();
        world.awaitCondition("Rotating", "False", "NotRotating");
        assertThat(keyring()).doesNotContainKey("share-1");
    }

    private void sweepIsDone() {
        eventually().until(() -> world.job("vault-sweep-share-1") != null);
        world.complete("vault-sweep-share-1");
    }

    private void pod(String keyring) {
        String name = "vault-" + ++pods;
        world.client
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(world.namespace)
                        .withLabels(Map.of(
                                "app.kubernetes.io/instance",
                                "vault",
                                "app.kubernetes.io/component",
                                "tokenizer",
                                "app.kubernetes.io/managed-by",
                                "tokenizer-operator"))
                        .withAnnotations(Map.of("lunasec.dev/keyring", keyring))
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("tokenizer")
                        .withImage("tokenizer:test")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        running(name)
                .editStatus(pod -> pod.edit()
                        .withStatus(new PodStatusBuilder().withPhase("Running").build())
                        .build());
    }

    /** As a rollout does it: the new one comes before the old one goes. */
    private void replacedBy(String keyring) {
        String old = "vault-" + pods;
        pod(keyring);
        running(old).withGracePeriod(0).delete();
    }

    private PodResource running(String name) {
        return world.client.pods().inNamespace(world.namespace).withName(name);
    }

    private Map<String, String> keyring() {
        return world.secret("vault-keyring").getData();
    }

    private Map<String, String> retired() {
        return world.secret("vault-keyring-retired").getData();
    }

    private KeysStatus keys() {
        return Objects.requireNonNull(world.vault().get().getStatus().keys());
    }

    private RecordsStatus records() {
        return Objects.requireNonNull(keys().records());
    }

    private static String text(@Nullable String base64) {
        return new String(
                java.util.Base64.getDecoder().decode(Objects.requireNonNull(base64)),
                java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
