package dev.lunasec.operator;

import static org.awaitility.Awaitility.await;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.controlplane.Crds;
import dev.lunasec.controlplane.ReadyWorkloads;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.bucket.s3.Store;
import dev.lunasec.operator.controller.ApiServerClient;
import dev.lunasec.operator.controller.OperatorRuntime;
import dev.lunasec.operator.controller.PassLimits;
import dev.lunasec.operator.controller.RuntimeSettings;
import dev.lunasec.operator.controller.TokenizerReconciler;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.VaultDefaults;
import dev.lunasec.operator.report.StatusBuilder;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One namespace of the shared API server with an operator that watches it alone, a store, and a stand-in for the
 * controllers.
 */
public final class World {
    public static final String ACCESS = Store.KEYS.accessKeyId();
    public static final String SECRET = Store.KEYS.secretAccessKey();

    private static final String CREDENTIALS = ", credentials: {secretName: s3-credentials}";

    /** A second in the place of the 3 to 10 seconds of production, in which the tests would only wait. */
    private static final PassLimits LIMITS = new PassLimits(
            PassLimits.DEFAULT.atOnce(),
            PassLimits.DEFAULT.ofNamespace(),
            PassLimits.DEFAULT.interval(),
            Duration.ofSeconds(1));

    /** How long the operator does not check a bucket again that was ready: a second, not ten, for the same reason. */
    private static final Duration VALIDITY = Duration.ofSeconds(1);

    private static boolean crdInstalled;

    public final String namespace = "t-" + UUID.randomUUID().toString().substring(0, 8);
    /** The user name of the operator at the API server. */
    public final String user = "operator-of-" + namespace;

    public final KubernetesClient client;
    /** Of the operator that was made last. */
    private PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public final Store store = new Store();
    /** How far the operator's clock is ahead of that of this machine. */
    public volatile Duration operatorAhead = Duration.ZERO;

    private final ReadyWorkloads workloads;
    private @Nullable OperatorRuntime operator;

    static {
        // A whole pass of the operator on a machine that has other things to do.
        Awaitility.setDefaultTimeout(Duration.ofMinutes(3));
    }

    public World() throws Exception {
        this(true);
    }

    /** The same without an operator; the test starts one. */
    public static World withoutOperator() throws Exception {
        return new World(false);
    }

    private World(boolean withOperator) throws Exception {
        client = client(ControlPlane.ADMIN);
        installCrd(client);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        permit();
        workloads = new ReadyWorkloads(client, namespace);
        credentials(SECRET);
        if (withOperator) startOperator();
    }

    /** Once: all worlds of a JVM share the API server, and no test changes the definition. */
    private static synchronized void installCrd(KubernetesClient client) {
        if (crdInstalled) return;
        Crds.install(client, World.class.getResourceAsStream("/META-INF/fabric8/tokenizers.lunasec.dev-v1.yml"));
        crdInstalled = true;
    }

    /** The operator has the chart's rights in the namespace, and no others. */
    private void permit() throws IOException {
        String rules = Files.readString(Path.of("../helm/templates/_helpers.tpl"))
                .replaceFirst("(?s).*define \"operator.rules\" -}}\\n(.*?)\\{\\{- end }}.*", "$1");
        String lease = """
                - apiGroups: [coordination.k8s.io]
                  resources: [leases]
                  verbs: [create, get, update, patch]
                """;
        String role = """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: operator, namespace: %s}
                rules:
                """.formatted(namespace) + rules + lease;
        String binding = """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: operator, namespace: %s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: operator}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
                """.formatted(namespace, user);
        String cluster = """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: operator-%s, namespace: kube-system}
                rules: [{apiGroups: [""], resources: [namespaces], resourceNames: [kube-system], verbs: [get]}]
                """.formatted(namespace);
        String clusterBinding = """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: operator-%s, namespace: kube-system}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: operator-%s}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
                """.formatted(namespace, namespace, user);
        for (String yaml : List.of(role, binding, cluster, clusterBinding)) {
            client.resource(client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                    .create();
        }
        await().until(this::isPermitted);
    }

    /** Whether the API server already acts on the last of the rights, as it does soon after a change. */
    private boolean isPermitted() {
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user)
                .withNewResourceAttributes()
                .withNamespace("kube-system")
                .withVerb("get")
                .withResource("namespaces")
                .withName("kube-system")
                .endResourceAttributes()
                .endSpec()
                .build();
        return client.resource(review).create().getStatus().getAllowed();
    }

    public void startOperator() {
        startOperator(null);
    }

    public void startOperator(RuntimeSettings.@Nullable Lease lease) {
        operator = operator(lease, () -> {});
        operator.start();
    }

    /**
     * Starts the operator with another client of the API server.
     *
     * @param interval the longest time between two passes over a vault
     */
    public void startOperator(Config config, Duration interval) {
        PassLimits normal = PassLimits.DEFAULT;
        PassLimits limits = new PassLimits(normal.atOnce(), normal.ofNamespace(), interval, normal.longestWait());
        operator = operator(ApiServerClient.of(config), settings(null), () -> {}, limits);
        operator.start();
    }

    /** Starts the operator with other limits of its passes. */
    public void startOperatorWithin(PassLimits limits) {
        operator = operator(client(user), settings(null), () -> {}, limits);
        operator.start();
    }

    /** One more operator for this world, which its maker starts and closes. */
    public OperatorRuntime operator(RuntimeSettings.@Nullable Lease lease, Runnable deposed) {
        return operator(client(user), settings(lease), deposed, LIMITS);
    }

    /** The same with an interceptor of its requests to the API server. */
    public OperatorRuntime operator(Interceptor requests) {
        Config config = config();
        config.setImpersonateUsername(user);
        KubernetesClient intercepted = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("of-the-test", requests))
                .build();
        return operator(intercepted, settings(null), () -> {}, LIMITS);
    }

    private OperatorRuntime operator(
            KubernetesClient operatorClient, RuntimeSettings settings, Runnable deposed, PassLimits limits) {
        metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return new OperatorRuntime(
                operatorClient,
                settings,
                new BucketProvisioner(VALIDITY, Duration.ofMillis(200)),
                metrics,
                deposed,
                new ShiftedClock(() -> operatorAhead),
                limits);
    }

    public RuntimeSettings settings(RuntimeSettings.@Nullable Lease lease) {
        return new RuntimeSettings(
                new VaultDefaults("tokenizer:test", "redis:test", false, Duration.ZERO), Set.of(namespace), lease);
    }

    /** How many passes of the operator have ended. */
    public long passes() {
        return (long) Stream.of("success", "failed")
                .flatMap(end -> metrics.find("operator.sdk.reconciliations." + end).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    /** How many passes of the operator run now. */
    public int runningPasses() {
        return (int) gauge("executions");
    }

    /** The operator's metrics, as Prometheus reads them. */
    public String scrape() {
        return metrics.scrape();
    }

    /** Makes a change that the operator is to see, and waits until a pass that began after it has ended. */
    public void awaitPassAfter(Runnable change) {
        await().until(this::isIdle);
        long before = passes();
        change.run();
        await().until(() -> passes() > before && isIdle());
    }

    private boolean isIdle() {
        return gauge("queue.size") == 0 && gauge("executions") == 0;
    }

    private double gauge(String what) {
        return metrics.get("operator.sdk.reconciliations." + what + "." + TokenizerReconciler.NAME)
                .gauge()
                .value();
    }

    public void stopOperator() {
        OperatorRuntime running = operator;
        if (running != null) running.close();
        operator = null;
    }

    public void credentials(String secretAccessKey) {
        secret("s3-credentials", "accessKeyId", ACCESS, "secretAccessKey", secretAccessKey);
    }

    public void secret(String name, String... keysAndValues) {
        SecretBuilder secret = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            secret.addToStringData(keysAndValues[i], keysAndValues[i + 1]);
        }
        client.resource(secret.build()).forceConflicts().serverSideApply();
    }

    /** Applies the vault of the tests with more lines under {@code spec}, each indented by two spaces. */
    public void apply(String more) {
        applyVault(CREDENTIALS, more);
    }

    /** The same with more fields of {@code spec.storage}, each behind a comma. */
    public void applyStorage(String more) {
        applyVault(CREDENTIALS + more, "");
    }

    /** Both. */
    public void apply(String storage, String more) {
        applyVault(CREDENTIALS + storage, more);
    }

    /** A vault that names no keys for its store, and wants to be deleted with its data. */
    public void applyWithoutCredentials() {
        applyVault(", deletionPolicy: Delete, confirmDeletion: " + bucket(), "");
    }

    /**
     * The vault of the tests with another store or bucket.
     *
     * @param storage more fields of {@code spec.storage}, each behind a comma
     * @param more more lines under {@code spec}, each indented by two spaces
     */
    public void applyElsewhere(URI endpoint, String bucket, String storage, String more) {
        applyVault(endpoint, bucket, CREDENTIALS + storage, more);
    }

    private void applyVault(String storage, String more) {
        applyVault(store.endpoint(), bucket(), storage, more);
    }

    /** One more vault, with this name and a bucket of the same name. */
    public void applyAnother(String name, URI endpoint) {
        applyAnother(name, endpoint, "");
    }

    /** The same with more lines under {@code spec}, each indented by two spaces. */
    public void applyAnother(String name, URI endpoint, String more) {
        applyVault(name, endpoint, name, CREDENTIALS, more);
    }

    private void applyVault(URI endpoint, String bucket, String storage, String more) {
        applyVault("vault", endpoint, bucket, storage, more);
    }

    private void applyVault(String name, URI endpoint, String bucket, String storage, String more) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: %s, namespace: %s}
                spec:
                  storage: {bucket: %s, endpoint: "%s", pathStyleAccess: true%s}
                """.formatted(name, namespace, bucket, endpoint, storage) + more;
        // As YAML, not as a record: a record would send Java's zeros for what the API server is to default.
        client.resource(client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    public String bucket() {
        return "vault-" + namespace;
    }

    public boolean bucketExists() {
        try (S3Connection connection = connection()) {
            connection.s3().headBucket(head -> head.bucket(bucket()));
            return true;
        } catch (NoSuchBucketException e) {
            return false;
        }
    }

    /** To the bucket, for whom the test stands in. */
    public S3Connection connection() {
        StoreLocation location = new StoreLocation(bucket(), "us-east-1", store.endpoint(), true);
        return new S3Connection(location, new AccessKeys(ACCESS, SECRET), null);
    }

    /** Puts an object into the bucket of the vault. */
    public void put(String key) {
        try (S3Connection connection = connection()) {
            connection.s3().putObject(put -> put.bucket(bucket()).key(key), RequestBody.fromString("a record"));
        }
    }

    /** Deletes an object from the bucket of the vault. */
    public void remove(String key) {
        try (S3Connection connection = connection()) {
            connection.s3().deleteObject(delete -> delete.bucket(bucket()).key(key));
        }
    }

    /** The names of all objects in the bucket of the vault, without those of the canary. */
    public List<String> objects() {
        try (S3Connection connection = connection()) {
            return connection.s3().listObjectsV2(list -> list.bucket(bucket())).contents().stream()
                    .map(S3Object::key)
                    .filter(key -> !key.startsWith(BucketLayout.CANARY))
                    .toList();
        }
    }

    public Resource<Tokenizer> vault() {
        return client.resources(Tokenizer.class).inNamespace(namespace).withName("vault");
    }

    public RollableScalableResource<Deployment> deployment() {
        return client.apps().deployments().inNamespace(namespace).withName("vault");
    }

    /** A Job of the vault, null when there is none of this name. */
    public Job job(String name) {
        return client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
    }

    /** Does what the controller of Jobs does when the pods of a Job have succeeded. */
    public void complete(String job) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(job)
                .editStatus(there -> there.edit()
                        .withNewStatus()
                        .withStartTime(now)
                        .withCompletionTime(now)
                        .withConditions(isTrue("SuccessCriteriaMet"), isTrue("Complete"))
                        .endStatus()
                        .build());
    }

    private static JobCondition isTrue(String type) {
        return new JobConditionBuilder().withType(type).withStatus("True").build();
    }

    /**
     * Sets the annotation that pauses the vault, or takes it off. The patch names no version, so no write of the
     * operator refuses it.
     */
    public void pause(boolean paused) {
        vault().patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"metadata": {"annotations": {"%s": %s}}}
                """.formatted(
                        Annotations.PAUSED, paused ? "\"true\"" : "null"));
    }

    /** A pod of the tokenizer, on a node of which there is none. */
    public void podOnADeadNode(String name) {
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .withLabels(deployment()
                                .get()
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getLabels())
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("dead")
                        .addNewContainer()
                        .withName("tokenizer")
                        .withImage("tokenizer:test")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    public boolean has(String secret) {
        return client.secrets().inNamespace(namespace).withName(secret).get() != null;
    }

    /** A Secret that has to be there. */
    public Secret secret(String name) {
        return Objects.requireNonNull(
                client.secrets().inNamespace(namespace).withName(name).get(), name);
    }

    public Condition condition(String type) {
        return StatusBuilder.conditions(vault().get()).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseGet(Condition::new);
    }

    /** Waits until a condition has this status and reason; shows the status when it does not come. */
    public void awaitCondition(String type, String status, String reason) {
        await().pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(condition(type))
                        .as("%s in %s", type, vault().get().getStatus())
                        .matches(c -> status.equals(c.getStatus()) && reason.equals(c.getReason())));
    }

    /** What the operator of this world has written so far: a line of the API server's audit log for each request. */
    public List<String> writes() throws IOException {
        return Files.readAllLines(ControlPlane.shared().auditLog()).stream()
                .filter(line -> line.contains("\"" + user + "\""))
                .toList();
    }

    private static KubernetesClient client(String user) {
        Config config = config();
        if (user.equals(ControlPlane.ADMIN)) {
            return new KubernetesClientBuilder().withConfig(config).build();
        }
        config.setImpersonateUsername(user);
        return ApiServerClient.of(config);
    }

    private static Config config() {
        return Config.fromKubeconfig(ControlPlane.shared().kubeconfigYaml());
    }

    public void close() throws Exception {
        stopOperator();
        workloads.close();
        store.close();
        client.close();
    }
}
