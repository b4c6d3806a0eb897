package dev.lunasec.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.cluster.Cluster.Ended;
import dev.lunasec.cluster.Cluster.Sample;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The life of a vault on a real cluster, in order; the last step deletes everything. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("cluster")
class ClusterTest {
    private static final Duration MINUTES = Cluster.MINUTES;
    private static final String KEEPER = "keeper";
    private static final int RECORDS = 2000;

    @TempDir
    static Path folder;

    private static Cluster cluster;
    private static OperatorPods operator;
    private static VaultPods vaultPods;
    private static TrafficPod traffic;

    @BeforeAll
    static void connect() {
        cluster = new Cluster(folder);
        operator = new OperatorPods(cluster);
        vaultPods = new VaultPods(cluster);
        traffic = new TrafficPod(cluster);
    }

    @AfterAll
    static void close() {
        cluster.close();
    }

    @Test
    @Order(1)
    void fromHelmInstallToAnAppPodThatStoresAndReads() throws Exception {
        cluster.namespaces();
        // The vault is asked for before its Secrets are there.
        assertThat(cluster.install()).contains("STATUS: deployed");
        cluster.vault("");
        await().atMost(MINUTES)
                .until(() -> cluster.condition("StorageReady")
                        .path("reason")
                        .asText()
                        .equals("SecretMissing"));
        long began = System.nanoTime();
        cluster.prerequisites();
        cluster.awaitReady();
        System.out.printf("Ready %.1f s after the last Secret came%n", (System.nanoTime() - began) / 1e9);
        assertWell(cluster.awaitEnd(cluster.app("first", AppPod.USUAL, "once")));
        assertThat(cluster.helm(List.of("test", "tokenizer-operator", "--namespace", Cluster.OPERATOR)))
                .contains("Phase:          Succeeded");
    }

    @Test
    @Order(2)
    void anAgentSpeaksForAnAppThatCannot() {
        assertWell(cluster.awaitEnd(cluster.app("behind-agent", new AppPod("backend", true, true), "once")));
    }

    @Test
    @Order(3)
    void aPodWithoutTheLabelGetsNothing() {
        Ended ended = cluster.awaitEnd(cluster.app("unlabelled", new AppPod("backend", false, false), "once"));
        assertThat(ended.well()).as(ended.log()).isFalse();
        assertThat(ended.log()).contains("unreachable");
    }

    @Test
    @Order(3)
    void aPodOfAnotherServiceAccountIsRefused() {
        Ended ended = cluster.awaitEnd(cluster.app("stranger", new AppPod("stranger", true, false), "once"));
        assertThat(ended.well()).as(ended.log()).isFalse();
        assertThat(ended.log()).contains("unauthenticated 401").contains("spec.auth.applications");
    }

    @Test
    @Order(4)
    void theOperatorMayDoNothingBeyondItsList() {
        for (String allowed :
                List.of("patch tokenizers.lunasec.dev", "create secrets", "list pods", "patch deployments.apps"))
            assertThat(operator.may(allowed, Cluster.VAULT)).as(allowed).isTrue();
        for (String forbidden : List.of(
                "get pods",
                "get namespaces",
                "get replicasets.apps",
                "delete configmaps",
                "create pods",
                "delete pods",
                "create pods/exec",
                "get pods/log",
                "list nodes",
                "create namespaces",
                "delete namespaces",
                "create clusterroles.rbac.authorization.k8s.io",
                "create roles.rbac.authorization.k8s.io",
                "bind clusterroles.rbac.authorization.k8s.io",
                "escalate clusterroles.rbac.authorization.k8s.io",
                "impersonate users",
                "create serviceaccounts/token",
                "create tokenizers.lunasec.dev",
                "delete tokenizers.lunasec.dev",
                "patch customresourcedefinitions.apiextensions.k8s.io",
                "list persistentvolumes",
                "create daemonsets.apps",
                "delete events.events.k8s.io",
                "patch jobs.batch",
                "list replicasets.apps",
                "get leases.coordination.k8s.io"))
            assertThat(operator.may(forbidden, Cluster.VAULT)).as(forbidden).isFalse();
    }

    @Test
    @Order(5)
    void fiftyForcedLooksAndARestartOfTheOperatorChangeNothing() throws Exception {
        cluster.awaitReady();
        Map<String, String> before = WrittenObjects.of(cluster);
        for (int i = 0; i < 50; i++) {
            double passes = operator.passesOfLeader();
            cluster.secret(
                    Cluster.VAULT,
                    "s3-credentials",
                    "accessKeyId",
                    Cluster.required("S3_ACCESS_KEY"),
                    "secretAccessKey",
                    Cluster.required("S3_SECRET_KEY"),
                    "note",
                    "look " + i);
            await().atMost(MINUTES).ignoreExceptions().until(() -> operator.passesOfLeader() > passes);
        }
        operator.restart();
        assertThat(WrittenObjects.of(cluster)).isEqualTo(before);
        assertThat(cluster.pods(Cluster.VAULT, "tokenizer"))
                .allSatisfy(pod -> assertThat(
                                pod.getStatus().getContainerStatuses().get(0).getRestartCount())
                        .isZero());
    }

    @Test
    @Order(6)
    void underTrafficARollingRestartFailsNoRequest() {
        Sample before = traffic.start();
        cluster.client
                .apps()
                .deployments()
                .inNamespace(Cluster.VAULT)
                .withName("vault")
                .rolling()
                .restart();
        cluster.awaitRollout(Cluster.VAULT, "vault");
        traffic.assertNoFailure("rolling restart of the tokenizer", before);
    }

    @Test
    @Order(7)
    void underTrafficAnUpgradeOfTheChartFailsNoRequest() {
        Sample before = traffic.start();
        // Another tag of the tokenizer makes the operator and then every vault roll.
        cluster.upgrade("--set", "tokenizer.image.tag=" + Cluster.setting("NEXT_IMAGE_TAG", "next"));
        await().atMost(MINUTES)
                .until(() -> cluster.pods(Cluster.VAULT, "tokenizer").stream()
                        .allMatch(pod -> pod.getSpec()
                                .getContainers()
                                .get(0)
                                .getImage()
                                .endsWith(":" + Cluster.setting("NEXT_IMAGE_TAG", "next"))));
        cluster.awaitRollout(Cluster.VAULT, "vault");
        cluster.awaitReady();
        traffic.assertNoFailure("upgrade of the chart", before);
    }

    @Test
    @Order(8)
    void underTrafficATokenizerPodIsKilledAndTheVaultServesOn() throws Exception {
        Sample before = traffic.start();
        cluster.kill(cluster.pods(Cluster.VAULT, "tokenizer").get(0));
        await().atMost(MINUTES)
                .until(() -> !"True"
                                .equals(cluster.condition("Available")
                                        .path("status")
                                        .asText())
                        || !cluster.condition("Available")
                                .path("reason")
                                .asText()
                                .equals("PodsServe")
                        || vaultPods.restarted("tokenizer"));
        cluster.awaitReady();
        Sample after = traffic.report("kill of a tokenizer pod", before);
        traffic.assertServes(after);
    }

    @Test
    @Order(9)
    void underTrafficRedisIsKilledAndTheVaultServesOn() throws Exception {
        Sample before = traffic.start();
        cluster.kill(cluster.pods(Cluster.VAULT, "grants").get(0));
        await().atMost(MINUTES).until(() -> vaultPods.restarted("grants"));
        cluster.awaitReady();
        Sample after = traffic.report("kill of Redis", before);
        assertThat(after.errors()).doesNotContain("IllegalState");
        traffic.assertServes(after);
    }

    @Test
    @Order(10)
    void underTrafficThePasswordOfRedisIsReplacedAndNoRequestFails() {
        Sample before = traffic.start();
        Map<String, String> redis = vaultPods.restartsOf("grants");
        String url = cluster.secret(Cluster.VAULT, "vault-redis").getData().get("url");
        cluster.client
                .secrets()
                .inNamespace(Cluster.VAULT)
                .withName("vault-redis")
                .edit(secret -> secret.edit().removeFromData("password").build());
        await().atMost(MINUTES)
                .untilAsserted(() -> assertThat(cluster.secret(Cluster.VAULT, "vault-redis")
                                .getData()
                                .get("url"))
                        .isNotEqualTo(url));
        // Pods with the new password are ready once Redis takes it, and the last of the old ones ends the old password.
        await().atMost(MINUTES)
                .until(() -> text(cluster.secret(Cluster.VAULT, "vault-redis"), "users.acl")
                        .matches("user default on >[0-9a-f]{64} ~.*\\n"));
        cluster.awaitRollout(Cluster.VAULT, "vault");
        cluster.awaitReady();
        traffic.assertNoFailure("replacement of Redis' password", before);
        assertThat(vaultPods.restartsOf("grants")).isEqualTo(redis);
    }

    @Test
    @Order(11)
    void underTrafficTheKeysOfTwoThousandRecordsRotate() {
        cluster.app(KEEPER, AppPod.USUAL, "keep", Integer.toString(RECORDS));
        await().atMost(MINUTES).ignoreExceptions().until(() -> log(KEEPER).contains("stored "));
        assertThat(log(KEEPER)).contains("stored " + RECORDS + ", refused 0");
        Sample before = traffic.start();
        long began = System.nanoTime();
        cluster.rotate(2);
        await().atMost(MINUTES.multipliedBy(2))
                .untilAsserted(() -> assertThat(cluster.keys().path("step").asText() + " "
                                + cluster.keys().path("primary").asInt())
                        .isEqualTo("NotRotating 2"));
        System.out.printf("The keys of %d records rotated in %.0f s%n", RECORDS, (System.nanoTime() - began) / 1e9);
        cluster.awaitReady();
        traffic.assertNoFailure("rotation of the keys", before);
        // The round that was under way, and one that began after it.
        long rounds =
                log(KEEPER).lines().filter(line -> line.startsWith("round ")).count();
        await().atMost(MINUTES)
                .until(() -> log(KEEPER).contains("round " + (rounds + 2) + ": read " + RECORDS + " of " + RECORDS));
        assertThat(log(KEEPER).lines().filter(line -> line.startsWith("round ")))
                .allMatch(line -> line.endsWith("read " + RECORDS + " of " + RECORDS + ", failed 0"));
        cluster.client
                .pods()
                .inNamespace(Cluster.APP)
                .withName(KEEPER)
                .withGracePeriod(0)
                .delete();
    }

    @Test
    @Order(12)
    void underTrafficTheLeaderIsKilledAndAnotherOneLooksOn() throws Exception {
        Sample before = traffic.start();
        String first = operator.leader();
        Pod pod = cluster.client
                .pods()
                .inNamespace(Cluster.OPERATOR)
                .withName(first)
                .get();
        // Its pod is deleted without grace, for a container that is restarted would be the same leader again.
        cluster.client.resource(pod).withGracePeriod(0).delete();
        await().atMost(MINUTES).until(() -> !operator.leader().equals(first));
        cluster.client
                .services()
                .inNamespace(Cluster.VAULT)
                .withName("vault-redis")
                .delete();
        await().atMost(MINUTES)
                .until(() -> cluster.client
                                .services()
                                .inNamespace(Cluster.VAULT)
                                .withName("vault-redis")
                                .get()
                        != null);
        cluster.awaitReady();
        Sample after = traffic.report("kill of the operator's leader", before);
        traffic.assertServes(after);
        traffic.delete();
    }

    @Test
    @Order(13)
    void aRenewedCertificateIsServedWithoutARestart() throws Exception {
        Map<String, String> pods = vaultPods.restartsOf("tokenizer");
        String renewed = cluster.certify();
        for (Pod pod : cluster.pods(Cluster.VAULT, "tokenizer")) {
            await().atMost(MINUTES).ignoreExceptions().until(() -> renewed.equals(vaultPods.served(pod)));
        }
        assertThat(vaultPods.restartsOf("tokenizer")).isEqualTo(pods);
    }

    @Test
    @Order(14)
    void aThousandConnectionsAtFullSpeedLeaveFifteenPercentOfThePodsMemory() throws Exception {
        Map<String, String> restarts = vaultPods.restartsOf("tokenizer");
        Pod pod = cluster.pods(Cluster.VAULT, "tokenizer").getFirst();
        LoadPod.Result result = new LoadPod(cluster).ask(pod, 1_000);
        System.out.printf(
                "1,000 connections: %d calls served, %d answered 429 or 503, %d failed; %d of %d MiB of memory%n",
                result.served(), result.busy(), result.failed(), result.most() >> 20, result.limit() >> 20);
        assertThat(vaultPods.restartsOf("tokenizer")).isEqualTo(restarts);
        assertThat(result.most()).isPositive().isLessThanOrEqualTo(result.limit() * 85 / 100);
        assertThat(result.served()).isPositive();
        assertThat(result.failed()).isZero();
    }

    @Test
    @Order(15)
    void withoutTheOperatorAVaultServesOnAndTheNextOneTakesItOver() {
        Map<String, String> before = WrittenObjects.of(cluster);
        cluster.helm(List.of("uninstall", "tokenizer-operator", "--namespace", Cluster.OPERATOR, "--wait"));
        assertThat(cluster.vault()).isNotNull();
        assertWell(cluster.awaitEnd(cluster.app("without-operator", AppPod.USUAL, "once")));
        assertThat(WrittenObjects.of(cluster)).isEqualTo(before);
        cluster.install("--set", "tokenizer.image.tag=" + Cluster.setting("NEXT_IMAGE_TAG", "next"));
        operator.awaitLeaderOfNewPods();
        assertThat(WrittenObjects.of(cluster)).isEqualTo(before);
    }

    @Test
    @Order(16)
    void deletedDataIsGoneAndTheChartLeavesTheCrd() {
        cluster.vault(", deletionPolicy: Delete, confirmDeletion: " + Cluster.setting("S3_BUCKET", "payments-vault"));
        cluster.client
                .genericKubernetesResources("lunasec.dev/v1alpha1", "Tokenizer")
                .inNamespace(Cluster.VAULT)
                .withName("vault")
                .delete();
        await().atMost(MINUTES).until(() -> cluster.vault() == null);
        await().atMost(MINUTES)
                .untilAsserted(() -> assertThat(WrittenObjects.of(cluster)).isEmpty());
        cluster.helm(List.of("uninstall", "tokenizer-operator", "--namespace", Cluster.OPERATOR, "--wait"));
        assertThat(cluster.client
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("tokenizers.lunasec.dev")
                        .get())
                .isNotNull();
        await().atMost(MINUTES).until(() -> operator.names().isEmpty());
    }

    private static void assertWell(Ended ended) {
        assertThat(ended.well()).as(ended.log()).isTrue();
        assertThat(ended.log()).contains("stored and read back");
    }

    private static String log(String pod) {
        return cluster.client.pods().inNamespace(Cluster.APP).withName(pod).getLog();
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
