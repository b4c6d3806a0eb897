package dev.lunasec.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.cluster.Cluster.Ended;
import dev.lunasec.cluster.Cluster.Sample;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The journey, in its order; the last step takes everything away. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("cluster")
class ClusterTest {
    private static final Duration MINUTES = Duration.ofMinutes(3);
    private static final String TRAFFIC = "traffic";
    private static final String KEEPER = "keeper";
    private static final int RECORDS = 2000;

    @TempDir
    static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void connect() {
        cluster = new Cluster(folder);
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
            assertThat(may(allowed, Cluster.VAULT)).as(allowed).isTrue();
        for (String forbidden : List.of(
                "get pods",
                "get services",
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
            assertThat(may(forbidden, Cluster.VAULT)).as(forbidden).isFalse();
    }

    @Test
    @Order(5)
    void fiftyForcedLooksAndARestartOfTheOperatorChangeNothing() throws Exception {
        cluster.awaitReady();
        Map<String, String> before = written();
        for (int i = 0; i < 50; i++) {
            double passes = passesOfLeader();
            cluster.secret(
                    Cluster.VAULT,
                    "s3-credentials",
                    "accessKeyId",
                    Cluster.required("S3_ACCESS_KEY"),
                    "secretAccessKey",
                    Cluster.required("S3_SECRET_KEY"),
                    "note",
                    "look " + i);
            await().atMost(MINUTES).ignoreExceptions().until(() -> passesOfLeader() > passes);
        }
        cluster.client
                .apps()
                .deployments()
                .inNamespace(Cluster.OPERATOR)
                .withName("tokenizer-operator")
                .rolling()
                .restart();
        awaitRollout(Cluster.OPERATOR, "tokenizer-operator");
        await().atMost(MINUTES).until(() -> operatorPods().contains(leader()));
        // The new leader has looked once all is seen: its metrics know the vault.
        await().atMost(MINUTES).ignoreExceptions().until(() -> metricsOfLeader().contains("tokenizer_vault_condition"));
        assertThat(written()).isEqualTo(before);
        assertThat(cluster.pods(Cluster.VAULT, "tokenizer"))
                .allSatisfy(pod -> assertThat(
                                pod.getStatus().getContainerStatuses().get(0).getRestartCount())
                        .isZero());
    }

    @Test
    @Order(6)
    void underTrafficARollingRestartFailsNoRequest() {
        Sample before = trafficRuns();
        cluster.client
                .apps()
                .deployments()
                .inNamespace(Cluster.VAULT)
                .withName("vault")
                .rolling()
                .restart();
        awaitRollout(Cluster.VAULT, "vault");
        Sample after = sampleAfter(40);
        report("rolling restart of the tokenizer", before, after);
        assertThat(after.failures() - before.failures()).as(after.errors()).isZero();
    }

    @Test
    @Order(7)
    void underTrafficAnUpgradeOfTheChartFailsNoRequest() {
        Sample before = trafficRuns();
        // Another tag of the tokenizer makes the operator and then every vault roll.
        cluster.upgrade("--set", "tokenizer.image.tag=" + Cluster.setting("NEXT_IMAGE_TAG", "next"));
        await().atMost(MINUTES)
                .until(() -> cluster.pods(Cluster.VAULT, "tokenizer").stream()
                        .allMatch(pod -> pod.getSpec()
                                .getContainers()
                                .get(0)
                                .getImage()
                                .endsWith(":" + Cluster.setting("NEXT_IMAGE_TAG", "next"))));
        awaitRollout(Cluster.VAULT, "vault");
        cluster.awaitReady();
        Sample after = sampleAfter(40);
        report("upgrade of the chart", before, after);
        assertThat(after.failures() - before.failures()).as(after.errors()).isZero();
    }

    @Test
    @Order(8)
    void underTrafficATokenizerPodIsKilledAndTheVaultServesOn() throws Exception {
        Sample before = trafficRuns();
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
                        || restarted("tokenizer"));
        cluster.awaitReady();
        Sample after = sampleAfter(40);
        report("kill of a tokenizer pod", before, after);
        assertServesOn(after);
    }

    @Test
    @Order(9)
    void underTrafficRedisIsKilledAndTheVaultServesOn() throws Exception {
        Sample before = trafficRuns();
        cluster.kill(cluster.pods(Cluster.VAULT, "grants").get(0));
        await().atMost(MINUTES).until(() -> restarted("grants"));
        cluster.awaitReady();
        Sample after = sampleAfter(40);
        report("kill of Redis", before, after);
        assertThat(after.errors()).doesNotContain("IllegalState");
        assertServesOn(after);
    }

    @Test
    @Order(10)
    void underTrafficThePasswordOfRedisIsReplacedAndNoRequestFails() {
        Sample before = trafficRuns();
        Map<String, String> redis = restartsOf("grants");
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
        awaitRollout(Cluster.VAULT, "vault");
        cluster.awaitReady();
        Sample after = sampleAfter(40);
        report("replacement of Redis' password", before, after);
        assertThat(after.failures() - before.failures()).as(after.errors()).isZero();
        assertThat(restartsOf("grants")).isEqualTo(redis);
    }

    @Test
    @Order(11)
    void underTrafficTheKeysOfTwoThousandRecordsRotate() {
        cluster.app(KEEPER, AppPod.USUAL, "keep", Integer.toString(RECORDS));
        await().atMost(MINUTES).ignoreExceptions().until(() -> log(KEEPER).contains("stored "));
        assertThat(log(KEEPER)).contains("stored " + RECORDS + ", refused 0");
        Sample before = trafficRuns();
        long began = System.nanoTime();
        cluster.rotate(2);
        await().atMost(MINUTES.multipliedBy(2))
                .untilAsserted(() -> assertThat(cluster.keys().path("step").asText() + " "
                                + cluster.keys().path("primary").asInt())
                        .isEqualTo("NotRotating 2"));
        System.out.printf("The keys of %d records rotated in %.0f s%n", RECORDS, (System.nanoTime() - began) / 1e9);
        cluster.awaitReady();
        Sample after = sampleAfter(40);
        report("rotation of the keys", before, after);
        assertThat(after.failures() - before.failures()).as(after.errors()).isZero();
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
        Sample before = trafficRuns();
        String first = leader();
        Pod pod = cluster.client
                .pods()
                .inNamespace(Cluster.OPERATOR)
                .withName(first)
                .get();
        // Its pod is deleted without grace, for a container that is restarted would be the same leader again.
        cluster.client.resource(pod).withGracePeriod(0).delete();
        await().atMost(MINUTES).until(() -> !leader().equals(first));
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
        Sample after = sampleAfter(40);
        report("kill of the operator's leader", before, after);
        assertServesOn(after);
        cluster.client
                .pods()
                .inNamespace(Cluster.APP)
                .withName(TRAFFIC)
                .withGracePeriod(0)
                .delete();
    }

    @Test
    @Order(13)
    void aRenewedCertificateIsServedWithoutARestart() throws Exception {
        Map<String, String> pods = restartsOf("tokenizer");
        String renewed = cluster.certify();
        for (Pod pod : cluster.pods(Cluster.VAULT, "tokenizer")) {
            await().atMost(MINUTES).ignoreExceptions().until(() -> renewed.equals(served(pod)));
        }
        assertThat(restartsOf("tokenizer")).isEqualTo(pods);
    }

    @Test
    @Order(14)
    void withoutTheOperatorAVaultServesOnAndTheNextOneTakesItOver() {
        Map<String, String> before = written();
        cluster.helm(List.of("uninstall", "tokenizer-operator", "--namespace", Cluster.OPERATOR, "--wait"));
        assertThat(cluster.vault()).isNotNull();
        assertWell(cluster.awaitEnd(cluster.app("without-operator", AppPod.USUAL, "once")));
        assertThat(written()).isEqualTo(before);
        cluster.install("--set", "tokenizer.image.tag=" + Cluster.setting("NEXT_IMAGE_TAG", "next"));
        awaitRollout(Cluster.OPERATOR, "tokenizer-operator");
        await().atMost(MINUTES).until(() -> operatorPods().contains(leader()));
        await().atMost(MINUTES).ignoreExceptions().until(() -> metricsOfLeader().contains("tokenizer_vault_condition"));
        assertThat(written()).isEqualTo(before);
    }

    @Test
    @Order(15)
    void deletedDataIsGoneAndTheChartLeavesTheCrd() {
        cluster.vault(", deletionPolicy: Delete, confirmDeletion: " + Cluster.setting("S3_BUCKET", "payments-vault"));
        cluster.client
                .genericKubernetesResources("lunasec.dev/v1alpha1", "Tokenizer")
                .inNamespace(Cluster.VAULT)
                .withName("vault")
                .delete();
        await().atMost(MINUTES).until(() -> cluster.vault() == null);
        await().atMost(MINUTES).untilAsserted(() -> assertThat(written()).isEmpty());
        cluster.helm(List.of("uninstall", "tokenizer-operator", "--namespace", Cluster.OPERATOR, "--wait"));
        assertThat(cluster.client
                        .apiextensions()
                        .v1()
                        .customResourceDefinitions()
                        .withName("tokenizers.lunasec.dev")
                        .get())
                .isNotNull();
        await().atMost(MINUTES).until(() -> operatorPods().isEmpty());
    }

    private static void assertWell(Ended ended) {
        assertThat(ended.well()).as(ended.log()).isTrue();
        assertThat(ended.log()).contains("stored and read back");
    }

    /** Starts the traffic if it does not run yet; answers once it flows. */
    private static Sample trafficRuns() {
        Pod pod =
                cluster.client.pods().inNamespace(Cluster.APP).withName(TRAFFIC).get();
        if (pod == null) cluster.app(TRAFFIC, AppPod.USUAL, "traffic", Cluster.setting("TRAFFIC_RATE", "5"));
        await().atMost(MINUTES)
                .ignoreExceptions()
                .until(() -> cluster.sample(TRAFFIC).requests() > 20);
        cluster.awaitReady();
        return cluster.sample(TRAFFIC);
    }

    private static Sample sampleAfter(int requests) {
        long now = cluster.sample(TRAFFIC).requests();
        await().atMost(MINUTES).until(() -> cluster.sample(TRAFFIC).requests() >= now + requests);
        return cluster.sample(TRAFFIC);
    }

    /** Nothing fails any more. */
    private static void assertServesOn(Sample after) {
        Sample later = sampleAfter(100);
        assertThat(later.failures()).as(later.errors()).isEqualTo(after.failures());
    }

    private static String log(String pod) {
        return cluster.client.pods().inNamespace(Cluster.APP).withName(pod).getLog();
    }

    private static void report(String what, Sample before, Sample after) {
        System.out.printf(
                "%s: %d requests, %d failures %s, slowest answer %d ms%n",
                what,
                after.requests() - before.requests(),
                after.failures() - before.failures(),
                after.errors(),
                cluster.slowestAfter(TRAFFIC, before.requests()));
    }

    private static boolean restarted(String component) {
        return cluster.pods(Cluster.VAULT, component).stream()
                .anyMatch(pod -> pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(container -> container.getRestartCount() > 0));
    }

    /** By the names of the pods. */
    private static Map<String, String> restartsOf(String component) {
        Map<String, String> pods = new TreeMap<>();
        for (Pod pod : cluster.pods(Cluster.VAULT, component)) {
            pods.put(
                    pod.getMetadata().getName(),
                    pod.getStatus()
                            .getContainerStatuses()
                            .get(0)
                            .getRestartCount()
                            .toString());
        }
        return pods;
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }

    private static void awaitRollout(String namespace, String name) {
        await().atMost(MINUTES).until(() -> {
            var deployment = cluster.client
                    .apps()
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

    private static String leader() {
        var lease = cluster.client
                .leases()
                .inNamespace(Cluster.OPERATOR)
                .withName("tokenizer-operator")
                .get();
        return lease == null ? "" : String.valueOf(lease.getSpec().getHolderIdentity());
    }

    private static List<String> operatorPods() {
        return cluster
                .client
                .pods()
                .inNamespace(Cluster.OPERATOR)
                .withLabel("app.kubernetes.io/name", "tokenizer-operator")
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private static String metricsOfLeader() throws Exception {
        try (LocalPortForward forward = cluster.client
                .pods()
                .inNamespace(Cluster.OPERATOR)
                .withName(leader())
                .portForward(8080)) {
            return new String(
                    java.net
                            .URI
                            .create("http://127.0.0.1:" + forward.getLocalPort() + "/metrics")
                            .toURL()
                            .openStream()
                            .readAllBytes(),
                    java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /** How many passes of the leader went well since it was started. */
    private static double passesOfLeader() throws Exception {
        return metricsOfLeader()
                .lines()
                .filter(line -> line.startsWith("operator_sdk_reconciliations_success_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /**
     * What was last written of the vault and of all that the operator made for it: which object it is, its generation, and when the
     * operator wrote it. Not its version, which is another one whenever a controller writes its status.
     */
    private static Map<String, String> written() {
        Map<String, String> written = new TreeMap<>();
        var client = cluster.client;
        String in = Cluster.VAULT;
        Stream.of(
                        client.secrets()
                                .inNamespace(in)
                                .withLabel("app.kubernetes.io/managed-by", "tokenizer-operator")
                                .list()
                                .getItems(),
                        client.configMaps()
                                .inNamespace(in)
                                .withLabel("app.kubernetes.io/managed-by", "tokenizer-operator")
                                .list()
                                .getItems(),
                        client.services().inNamespace(in).list().getItems(),
                        client.apps().deployments().inNamespace(in).list().getItems(),
                        client.apps().statefulSets().inNamespace(in).list().getItems(),
                        client.network()
                                .v1()
                                .networkPolicies()
                                .inNamespace(in)
                                .list()
                                .getItems(),
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(in)
                                .list()
                                .getItems(),
                        client.genericKubernetesResources("lunasec.dev/v1alpha1", "Tokenizer")
                                .inNamespace(in)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .forEach((HasMetadata object) -> written.put(
                        object.getKind() + "/" + object.getMetadata().getName(), written(object.getMetadata())));
        return written;
    }

    private static String written(ObjectMeta metadata) {
        return metadata.getUid() + " generation " + metadata.getGeneration() + " written "
                + metadata.getManagedFields().stream()
                        .filter(fields -> "tokenizer-operator".equals(fields.getManager()))
                        .filter(fields -> fields.getSubresource() == null)
                        .map(ManagedFieldsEntry::getTime)
                        .toList();
    }

    /** Whether the operator's account may do {@code <verb> <resource>[/<subresource>][.<group>]}. */
    private static boolean may(String what, String namespace) {
        String[] words = what.split(" ", 2);
        String[] named = words[1].split("[.]", 2);
        String[] resource = named[0].split("/", 2);
        ResourceAttributes attributes = new ResourceAttributesBuilder()
                .withVerb(words[0])
                .withResource(resource[0])
                .withSubresource(resource.length > 1 ? resource[1] : null)
                .withGroup(named.length > 1 ? named[1] : "")
                .withNamespace(namespace)
                .build();
        return cluster.client
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser("system:serviceaccount:" + Cluster.OPERATOR + ":tokenizer-operator")
                        .withGroups("system:serviceaccounts", "system:authenticated")
                        .withResourceAttributes(attributes)
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }

    /** The certificate that a pod serves at this moment, in PEM. */
    private static String served(Pod pod) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new TrustsAll()}, null);
        try (LocalPortForward forward = cluster.client
                        .pods()
                        .inNamespace(Cluster.VAULT)
                        .withName(pod.getMetadata().getName())
                        .portForward(37766);
                SSLSocket socket =
                        (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", forward.getLocalPort())) {
            socket.setSoTimeout(5_000);
            socket.startHandshake();
            byte[] der = ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getEncoded();
            return "-----BEGIN CERTIFICATE-----\n"
                    + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END CERTIFICATE-----\n";
        }
    }
}
