package dev.lunasec.local;

import dev.lunasec.controlplane.Binaries;
import dev.lunasec.controlplane.ControlPlane;
import dev.lunasec.controlplane.Crds;
import dev.lunasec.controlplane.Folders;
import dev.lunasec.controlplane.Progress;
import dev.lunasec.local.node.Node;
import dev.lunasec.local.node.Services;
import dev.lunasec.testbed.EmbeddedStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The whole system: a real control plane, a node that runs pods as processes, an object store in memory, the demo
 * application and the operator as a process of its own. All parts listen on loopback, and all files are in one folder.
 */
public final class LocalSystem implements AutoCloseable {
    private static final String CRD = "/META-INF/fabric8/tokenizers.lunasec.dev-v1.yml";

    private final Path folder;
    private final Progress progress;
    private final Map<String, String> operatorSettings;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final @Nullable EmbeddedStore store;
    private final StorePlace place;
    private final DemoApplication application;
    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private final AppliedVaults vaults;
    private final Node node;
    private final Services services;
    private @Nullable OperatorProcess operator;

    /**
     * Starts everything but a vault.
     *
     * @param folder for all files; made, and deleted at the end
     * @param progress tells what is under way
     * @param operatorSettings further variables of the operator's environment
     * @param external the store; null for one in the memory of this process, which takes half of the heap at most
     */
    LocalSystem(Path folder, Progress progress, Map<String, String> operatorSettings, @Nullable StorePlace external)
            throws IOException {
        this.operatorSettings = operatorSettings;
        this.folder = Files.createDirectories(folder).toRealPath();
        this.progress = progress;
        try {
            store = external == null
                    ? opened(new EmbeddedStore(Runtime.getRuntime().maxMemory() / 2))
                    : null;
            place = external == null ? StorePlace.of(Objects.requireNonNull(store)) : external;
            application = opened(new DemoApplication());
            Binaries binaries = Binaries.find(progress);
            ControlPlane.Options options =
                    ControlPlane.Options.apiServerOnly().withControllers().in(this.folder.resolve("control-plane"));
            try (Progress.Step step = progress.step("starting the control plane")) {
                step.detail("etcd, kube-apiserver, kube-controller-manager");
                controlPlane = opened(ControlPlane.start(binaries, options));
            }
            client = opened(new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                    .build());
            vaults = new AppliedVaults(client);
            Path hosts = this.folder.resolve("hosts");
            node = new Node(
                    client,
                    new LocalImages(hosts, this.folder.resolve("programs")),
                    controlPlane.apiServer(),
                    this.folder.resolve("node"));
            services = new Services(client, node, hosts);
            services.start();
            node.start();
            parts.push(node);
            parts.push(services);
            installCrd();
            startOperator();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The store in the memory of this process, which only a system without an external store has. */
    public EmbeddedStore store() {
        return Objects.requireNonNull(store);
    }

    /** The store that the vaults use. */
    StorePlace storePlace() {
        return place;
    }

    public DemoApplication application() {
        return application;
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    /** As the administrator. */
    public KubernetesClient client() {
        return client;
    }

    public Node node() {
        return node;
    }

    /**
     * Applies a Tokenizer with the store and the application of this machine in the place of those that it names,
     * together with its namespace and the objects with the credentials and the authority of the store.
     *
     * @return the resource as it was applied
     */
    public GenericKubernetesResource apply(GenericKubernetesResource example) {
        return apply(example, place);
    }

    /** The same with another store than that of this machine. */
    GenericKubernetesResource apply(GenericKubernetesResource example, StorePlace other) {
        return vaults.apply(example, other, application.jwksUrl());
    }

    /** Writes the Secret with the credentials of the store. */
    public void applyCredentials(String namespace, String secretAccessKey) {
        vaults.applyCredentials(namespace, place.accessKeyId(), secretAccessKey);
    }

    /** Makes a Service reachable on 127.0.0.1: at the port, or at a free one where that is taken. */
    public int publish(String namespace, String service, int port) throws IOException {
        return services.publish(namespace, service, port);
    }

    /** Starts the operator as a process of its own. */
    public void startOperator() throws IOException {
        startOperator(controlPlane.kubeconfigYaml(ControlPlane.OPERATOR));
    }

    /** The same with another way to the API server. */
    public void startOperator(String kubeconfig) throws IOException {
        progress.line("starting the operator");
        operator = OperatorProcess.start(folder, kubeconfig, operatorSettings);
    }

    /** SIGKILL. */
    public void killOperator() {
        if (operator != null) operator.kill();
    }

    /** The last lines that the operator printed. */
    public String operatorLog(int lines) {
        return operator == null ? "" : operator.lastLines(lines);
    }

    @Override
    public void close() {
        try (Progress.Step step = progress.step("stopping")) {
            if (operator != null) {
                step.detail("the operator");
                operator.stop();
            }
            step.detail("pods and control plane");
            while (!parts.isEmpty()) {
                AutoCloseable part = parts.pop();
                try {
                    part.close();
                } catch (Exception e) {
                    progress.line("could not be stopped: " + e.getMessage());
                }
            }
            Folders.delete(folder);
        } catch (IOException e) {
            progress.line("could not be deleted: " + e.getMessage());
        }
    }

    private void installCrd() throws IOException {
        try (InputStream in = Objects.requireNonNull(LocalSystem.class.getResourceAsStream(CRD), CRD)) {
            Crds.install(client, in);
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }
}
