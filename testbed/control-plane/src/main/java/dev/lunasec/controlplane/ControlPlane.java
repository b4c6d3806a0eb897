package dev.lunasec.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** etcd, kube-apiserver and, where wanted, kube-controller-manager, on loopback and on free ports. */
public final class ControlPlane implements AutoCloseable {
    /**
     * How to start.
     *
     * @param controllers whether kube-controller-manager runs too; without it Deployments make no pods
     * @param folder for data, keys and logs, which is deleted at the end; null for a new one
     * @param say takes lines on what happens
     */
    public record Options(boolean controllers, @Nullable Path folder, Consumer<String> say) {
        public static Options apiServerOnly() {
            return new Options(false, null, line -> {});
        }

        public Options withControllers() {
            return new Options(true, folder, say);
        }

        public Options in(Path newFolder) {
            return new Options(controllers, newFolder, say);
        }

        public Options telling(Consumer<String> listener) {
            return new Options(controllers, folder, listener);
        }
    }

    /** Tests, and whoever uses kubectl. */
    public static final String ADMIN = "admin";

    /** The operator. */
    public static final String OPERATOR = "tokenizer-operator";

    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static @Nullable ControlPlane shared;

    private final Path folder;
    private final Binaries binaries;
    private final Deque<Child> children = new ArrayDeque<>();
    private final byte[] secret = new SecureRandom().generateSeed(24);
    /** Addresses of Services: loopback ones, which can be listened on; others on this machine are most probably at another place. */
    private final String serviceRange =
            "127.%d.%d.0/20".formatted(96 + new SecureRandom().nextInt(31), 16 * new SecureRandom().nextInt(16));

    private int apiPort;

    private ControlPlane(Path folder, Binaries binaries) {
        this.folder = folder;
        this.binaries = binaries;
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
     * Starts, and waits until the API server is ready.
     *
     * @throws ControlPlaneException when a program can't be had or does not come up within two minutes
     */
    public static ControlPlane start(Options options) {
        Binaries binaries = Binaries.find(options.say());
        try {
            Path folder = options.folder() == null ? Files.createTempDirectory("control-plane") : options.folder();
            Files.createDirectories(folder);
            ControlPlane controlPlane = new ControlPlane(folder.toRealPath(), binaries);
            try {
                controlPlane.startAll(options);
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
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: local
                  cluster:
                    server: https://127.0.0.1:%d
                    certificate-authority-data: %s
                users:
                - name: %s
                  user: {token: %s}
                contexts:
                - name: local
                  context: {cluster: local, user: %s}
                current-context: local
                """.formatted(apiPort, certificate(), user, token(user), user);
    }

    /** Where the API server listens. */
    public URI apiServer() {
        return URI.create("https://127.0.0.1:" + apiPort);
    }

    /** Trusts the certificate of this API server, and no other. */
    public SSLContext tls() {
        try {
            return PinnedCertificate.context(folder.resolve("certificates/apiserver.crt"));
        } catch (IOException | GeneralSecurityException e) {
            throw new ControlPlaneException("The certificate of kube-apiserver can't be read.", e);
        }
    }

    /** The path of a program, {@code kubectl} for example. */
    public Path binary(String name) {
        return binaries.path(name);
    }

    /** What the API server was asked: a line of JSON for each answered request that writes (an audit event of level Metadata). */
    public Path auditLog() {
        return folder.resolve("audit.log");
    }

    /** Same as {@link #close()}. */
    public void stop() {
        close();
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

    private void startAll(Options options) throws IOException {
        int etcdPort = freePort();
        int peerPort = freePort();
        apiPort = freePort();
        writeKeys();
        String etcd = "http://127.0.0.1:" + etcdPort;
        String peer = "http://127.0.0.1:" + peerPort;
        run(
                "etcd",
                List.of(
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=" + etcd,
                        "--advertise-client-urls=" + etcd,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=default=" + peer,
                        "--unsafe-no-fsync",
                        "--log-level=warn"));
        run(
                "kube-apiserver",
                List.of(
                        "--bind-address=127.0.0.1",
                        "--secure-port=" + apiPort,
                        "--etcd-servers=" + etcd,
                        "--cert-dir=" + folder.resolve("certificates"),
                        "--token-auth-file=" + folder.resolve("tokens.csv"),
                        "--authorization-mode=RBAC",
                        "--service-account-issuer=https://kubernetes.default.svc",
                        "--service-account-key-file=" + folder.resolve("service-account.pub"),
                        "--service-account-signing-key-file=" + folder.resolve("service-account.key"),
                        "--service-cluster-ip-range=" + serviceRange,
                        "--endpoint-reconciler-type=none",
                        "--audit-policy-file=" + folder.resolve("audit-policy.yaml"),
                        "--audit-log-path=" + auditLog(),
                        "--audit-log-mode=blocking"));
        Files.createDirectories(folder.resolve("certificates"));
        waitFor("/readyz", "/api/v1/namespaces/default");
        Files.writeString(kubeconfig(), kubeconfigYaml());
        if (options.controllers()) {
            run(
                    "kube-controller-manager",
                    List.of(
                            "--kubeconfig=" + kubeconfig(),
                            "--bind-address=127.0.0.1",
                            "--secure-port=" + freePort(),
                            "--cert-dir=" + folder.resolve("certificates"),
                            "--service-account-private-key-file=" + folder.resolve("service-account.key"),
                            "--root-ca-file=" + folder.resolve("certificates/apiserver.crt"),
                            "--leader-elect=false",
                            // The endpoint controllers refuse loopback addresses, which all pods have here.
                            "--controllers=*,-endpoints-controller,-endpointslice-controller,-endpointslice-mirroring-controller,"
                                    + "-node-lifecycle-controller,-node-ipam-controller,-cloud-node-lifecycle-controller"));
            waitFor("/api/v1/namespaces/default/serviceaccounts/default");
        }
    }

    private void run(String name, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(binaries.path(name).toString()));
        command.addAll(flags);
        children.push(Child.start(name, command, Map.of(), folder.resolve(name + ".log")));
    }

    private void writeKeys() throws IOException {
        Files.writeString(
                folder.resolve("tokens.csv"),
                "%s,%s,%s,system:masters\n%s,%s,%s,system:masters\n"
                        .formatted(token(ADMIN), ADMIN, ADMIN, token(OPERATOR), OPERATOR, OPERATOR));
        Files.writeString(folder.resolve("audit-policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived, ResponseStarted]
                rules:
                - level: Metadata
                  verbs: [create, update, patch, delete, deletecollection]
                - level: None
                """);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            Files.writeString(
                    folder.resolve("service-account.key"),
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            Files.writeString(
                    folder.resolve("service-account.pub"),
                    pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has RSA", e);
        }
    }

    private static String pem(String type, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }

    private String token(String user) {
        return user + "." + HexFormat.of().formatHex(secret);
    }

    private String certificate() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("certificates/apiserver.crt")));
        } catch (IOException e) {
            throw new ControlPlaneException("The API server's certificate can't be read: " + e.getMessage(), e);
        }
    }

    /** Waits until all of these answer; what a controller makes tells that the controllers run. */
    private void waitFor(String... paths) throws IOException {
        long end = System.nanoTime() + READY.toNanos();
        while (System.nanoTime() < end) {
            for (Child child : children) {
                if (!child.isAlive()) {
                    throw new ControlPlaneException(child.name() + " ended at once:\n" + child.lastLines(5));
                }
            }
            if (answers(paths)) return;
            pause();
            if (Thread.currentThread().isInterrupted()) throw new ControlPlaneException("The start was interrupted.");
        }
        Child last = children.getFirst();
        throw new ControlPlaneException(
                last.name() + " is not ready after " + READY.toSeconds() + " s:\n" + last.lastLines(5));
    }

    private boolean answers(String... paths) {
        Path certificate = folder.resolve("certificates/apiserver.crt");
        if (!Files.exists(certificate)) return false;
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(PinnedCertificate.context(certificate))
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            for (String path : paths) {
                if (http.send(request(path), BodyHandlers.discarding()).statusCode() != 200) return false;
            }
            return true;
        } catch (IOException | GeneralSecurityException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + apiPort + path))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", "Bearer " + token(ADMIN))
                .build();
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
