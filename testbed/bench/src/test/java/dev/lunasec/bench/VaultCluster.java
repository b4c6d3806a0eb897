package dev.lunasec.bench;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.controlplane.Crds;
import dev.lunasec.controlplane.ReadyWorkloads;
import dev.lunasec.operator.report.StatusBuilder;
import dev.lunasec.testbed.EmbeddedStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An API server, a store that all vaults share, and a stand-in for the controllers: no pod runs, and each workload is
 * ready at once.
 */
final class VaultCluster implements AutoCloseable {
    private static final String CRD = "/META-INF/fabric8/tokenizers.lunasec.dev-v1.yml";
    private static final long DEADLINE = TimeUnit.MINUTES.toNanos(10);
    private static final long POLL = TimeUnit.MILLISECONDS.toNanos(50);

    private final Path work;
    private final ControlPlane controlPlane = ControlPlane.start(ControlPlane.Options.apiServerOnly());
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
            .build();
    private final EmbeddedStore store = new EmbeddedStore();
    private final ReadyWorkloads workloads = new ReadyWorkloads(client, null);
    private final PassesBySecond passes = new PassesBySecond();

    /**
     * What was measured.
     *
     * @param ready from the first of the resources to the time when all of them were ready
     * @param taken from the start of a second operator to the time when it had begun a pass over each vault
     * @param quiet what the second operator did then, while nothing changed
     * @param most the largest number of vaults that had a pass in the same second of that time
     * @param heap bytes of objects of the operator after a collection
     * @param resident memory of the operator that is in use and not on disk, in bytes
     */
    record Result(
            int vaults,
            Duration ready,
            Duration taken,
            OperatorRequests quiet,
            int most,
            long heap,
            long resident,
            int threads) {}

    /** @param work a folder for files and logs */
    VaultCluster(Path work) throws IOException {
        this.work = work;
        store.onRead(passes);
        try (InputStream crd = Objects.requireNonNull(VaultCluster.class.getResourceAsStream(CRD), CRD)) {
            Crds.install(client, crd);
        }
    }

    /** What is asked of the API server while no operator runs. */
    OperatorRequests idle(Duration time) throws IOException {
        OperatorRequests before = OperatorRequests.of("", client.raw("/metrics"), 0);
        LockSupport.parkNanos(time.toNanos());
        return OperatorRequests.of("", client.raw("/metrics"), 0).since(before);
    }

    /** Gives vaults to an operator; when they are ready, starts another one and counts what that does. */
    Result measure(int vaults, Duration quiet) throws IOException, InterruptedException {
        for (int i = 0; i < vaults; i++) addNamespace("vault-" + i);
        Duration ready = create(vaults);
        Run.say("%d vaults are ready after %d ms", vaults, ready.toMillis());
        passes.clear();
        long began = System.nanoTime();
        try (OperatorProcess operator =
                new OperatorProcess(controlPlane.kubeconfig(), work.resolve("second-operator.log"))) {
            await(passes::vaults, vaults, operator);
            Duration taken = Duration.ofNanos(System.nanoTime() - began);
            Run.say("the second operator had begun a pass over each of them after %d ms", taken.toMillis());
            await(() -> (int) numbers(operator).passes(), vaults, operator);
            passes.clear();
            OperatorRequests before = numbers(operator);
            LockSupport.parkNanos(quiet.toNanos());
            OperatorRequests used = numbers(operator).since(before);
            int most = passes.most();
            Run.say("requests in a minute: %s", used.text());
            // In this order: the agent that tells the heap takes memory and threads.
            int threads = operator.process().threads();
            long resident = operator.process().resident();
            return new Result(
                    vaults,
                    ready,
                    taken,
                    used,
                    most,
                    operator.process().memory().heap(),
                    resident,
                    threads);
        }
    }

    private Duration create(int vaults) throws IOException, InterruptedException {
        try (OperatorProcess operator = new OperatorProcess(controlPlane.kubeconfig(), work.resolve("operator.log"));
                SharedIndexInformer<Tokenizer> seen =
                        client.resources(Tokenizer.class).inAnyNamespace().inform()) {
            long began = System.nanoTime();
            for (int i = 0; i < vaults; i++) addVault("vault-" + i);
            await(() -> ready(seen), vaults, operator);
            return Duration.ofNanos(System.nanoTime() - began);
        }
    }

    /** A number of vaults that the API server, the store or an operator tells. */
    private interface Count {
        int now() throws IOException;
    }

    private void await(Count count, int vaults, OperatorProcess operator) throws IOException {
        long began = System.nanoTime();
        for (int now = count.now(); now < vaults; now = count.now()) {
            if (!operator.process().isAlive() || System.nanoTime() - began > DEADLINE)
                throw new IOException(
                        "The operator got only to " + now + " of " + vaults + " vaults; its log is in " + work + ".");
            LockSupport.parkNanos(POLL);
        }
    }

    private static int ready(SharedIndexInformer<Tokenizer> seen) {
        return (int) seen.getStore().list().stream()
                .flatMap(tokenizer -> StatusBuilder.conditions(tokenizer).stream())
                .filter(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"))
                .count();
    }

    private OperatorRequests numbers(OperatorProcess operator) throws IOException {
        return OperatorRequests.of(
                operator.metrics(), client.raw("/metrics"), operator.process().cpuMicros());
    }

    private void addNamespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("s3-credentials")
                        .withNamespace(name)
                        .endMetadata()
                        .withStringData(Map.of(
                                MountedFiles.ACCESS_KEY_ID,
                                store.accessKeyId(),
                                MountedFiles.SECRET_ACCESS_KEY,
                                store.secretAccessKey()))
                        .build())
                .create();
    }

    private void addVault(String name) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: vault, namespace: %s}
                spec:
                  storage:
                    bucket: %s
                    endpoint: "%s"
                    pathStyleAccess: true
                    credentials: {secretName: s3-credentials}
                """.formatted(name, name, store.endpoint());
        client.resource(client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                .create();
    }

    @Override
    public void close() {
        workloads.close();
        store.close();
        client.close();
        controlPlane.close();
    }
}
