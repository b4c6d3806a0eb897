package dev.lunasec.controlplane;

import dev.lunasec.testbed.FreePort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** etcd, kube-apiserver and, if wanted, kube-controller-manager, on loopback and on free ports. */
public final class ControlPlane implements AutoCloseable {
    /**
     * How to start.
     *
     * @param controllers whether kube-controller-manager runs too; without it Deployments make no pods
     * @param folder for data, keys and logs, which is deleted at the end; null for a new one
     */
    public record Options(boolean controllers, @Nullable Path folder) {
        public static Options apiServerOnly() {
            return new Options(false, null);
        }

        public Options withControllers() {
            return new Options(true, folder);
        }

        public Options in(Path newFolder) {
            return new Options(controllers, newFolder);
        }
    }

    /** The user of tests and of kubectl. */
    public static final String ADMIN = "admin";

    /** The operator. */
    public static final String OPERATOR = "tokenizer-operator";

    private static final Duration GRACE = Duration.ofSeconds(10);
    private static @Nullable ControlPlane shared;

    private final Path folder;
    private final Binaries binaries;
    private final URI apiServer;
    private final Credentials credentials;
    private final Deque<Child> children = new ArrayDeque<>();

    private ControlPlane(Path folder, Binaries binaries) throws IOException {
        this.folder = folder;
        this.binaries = binaries;
        this.apiServer = URI.create("https://127.0.0.1:" + FreePort.find());
        this.credentials = Credentials.create(folder, List.of(ADMIN, OPERATOR));
    }

    /** One API server without controllers for all tests of this JVM. */
    public static synchronized ControlPlane shared() {
        ControlPlane running = shared;
        if (running == null) {
            running = shared = start(Options.apiServerOnly());
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        }
        return running;
    }

    /**
     * Finds, downloads or builds the programs, and starts them. The progress of a download or build is on standard
     * error.
     */
    public static ControlPlane start(Options options) {
        return start(Binaries.find(Progress.plain(System.err)), options);
    }

    /**
     * Starts, and waits until the API server is ready.
     *
     * @throws ControlPlaneException if a program is not ready within two minutes
     */
    public static ControlPlane start(Binaries binaries, Options options) {
        try {
            Path folder = options.folder() == null ? Files.createTempDirectory("control-plane") : options.folder();
            Files.createDirectories(folder);
            ControlPlane controlPlane = new ControlPlane(folder.toRealPath(), binaries);
            try {
                controlPlane.startAll(options.controllers());
                return controlPlane;
            } catch (IOException | RuntimeException e) {
                controlPlane.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ControlPlaneException("The control plane can't be started: " + e.getMessage(), e);
        }
    }

    /** A file for kubectl and clients, as the administrator. */
    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** The content of {@link #kubeconfig()}. */
    public String kubeconfigYaml() {
        return kubeconfigYaml(ADMIN);
    }

    /**
     * A kubeconfig of another user who may do everything: what that one does is found under its name in the audit log.
     *
     * @param user {@link #ADMIN} or {@link #OPERATOR}
     */
    public String kubeconfigYaml(String user) {
        return credentials.kubeconfig(apiServer, user);
    }

    /** Where the API server listens. */
    public URI apiServer() {
        return apiServer;
    }

    /** Trusts the certificate of this API server, and no other. */
    public SSLContext tls() {
        try {
            return PinnedCertificate.context(credentials.certificate());
        } catch (IOException | GeneralSecurityException e) {
            throw new ControlPlaneException("The certificate of kube-apiserver can't be read.", e);
        }
    }

    /** The path of a program, {@code kubectl} for example. */
    public Path binary(String name) {
        return binaries.path(name);
    }

    /**
     * What the API server was asked: a line of JSON for each answered request that writes (an audit event of level
     * Metadata).
     */
    public Path auditLog() {
        return folder.resolve("audit.log");
    }

    @Override
    public void close() {
        while (!children.isEmpty()) children.pop().stop(GRACE);
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new ControlPlaneException("The folder of the control plane can't be deleted: " + e.getMessage(), e);
        }
    }

    private void startAll(boolean controllers) throws IOException {
        Readiness readiness = new Readiness(apiServer, credentials, children);
        URI etcd = URI.create("http://127.0.0.1:" + FreePort.find());
        URI peer = URI.create("http://127.0.0.1:" + FreePort.find());
        run("etcd", Arguments.etcd(folder.resolve("etcd"), etcd, peer));
        run("kube-apiserver", Arguments.apiServer(apiServer, etcd, credentials, auditPolicy(), auditLog()));
        readiness.await("/readyz", "/api/v1/namespaces/default");
        Files.writeString(kubeconfig(), kubeconfigYaml());
        if (controllers) {
            run("kube-controller-manager", Arguments.controllerManager(kubeconfig(), FreePort.find(), credentials));
            // A controller makes this account, so its existence shows that the controllers run.
            readiness.await("/api/v1/namespaces/default/serviceaccounts/default");
        }
    }

    private void run(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(binaries.path(name).toString()));
        command.addAll(arguments);
        children.push(Child.start(name, command, Map.of(), folder.resolve(name + ".log")));
    }

    private Path auditPolicy() throws IOException {
        return Files.writeString(folder.resolve("audit-policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived, ResponseStarted]
                rules:
                - level: Metadata
                  verbs: [create, update, patch, delete, deletecollection]
                - level: None
                """);
    }
}
