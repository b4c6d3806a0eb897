package dev.lunasec.controlplane;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** The command-line arguments of each program. */
final class Arguments {
    private Arguments() {}

    /**
     * etcd as a cluster of one member. It does not wait for the disk, because nobody needs its data after a crash.
     *
     * @param clients where the API server finds it
     * @param peer where other members would find it
     */
    static List<String> etcd(Path data, URI clients, URI peer) {
        return List.of(
                "--data-dir=" + data,
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--unsafe-no-fsync",
                "--log-level=warn");
    }

    /**
     * kube-apiserver, which writes its audit log before it answers.
     *
     * @param at the URL to serve, on loopback
     */
    static List<String> apiServer(URI at, URI etcd, Credentials credentials, Path auditPolicy, Path auditLog) {
        return List.of(
                "--bind-address=127.0.0.1",
                "--secure-port=" + at.getPort(),
                "--etcd-servers=" + etcd,
                "--cert-dir=" + credentials.certificate().getParent(),
                "--token-auth-file=" + credentials.tokens(),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + credentials.publicKey(),
                "--service-account-signing-key-file=" + credentials.privateKey(),
                "--service-cluster-ip-range=" + serviceRange(),
                "--endpoint-reconciler-type=none",
                "--audit-policy-file=" + auditPolicy,
                "--audit-log-path=" + auditLog,
                "--audit-log-mode=blocking");
    }

    /** kube-controller-manager without the controllers of nodes and endpoints. */
    static List<String> controllerManager(Path kubeconfig, int port, Credentials credentials) {
        return List.of(
                "--kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + credentials.certificate().getParent(),
                "--service-account-private-key-file=" + credentials.privateKey(),
                "--root-ca-file=" + credentials.certificate(),
                "--leader-elect=false",
                // The endpoint controllers refuse loopback addresses, which all pods have here.
                "--controllers=*,-endpoints-controller,-endpointslice-controller,-endpointslice-mirroring-controller,"
                        + "-node-lifecycle-controller,-node-ipam-controller,-cloud-node-lifecycle-controller");
    }

    /**
     * The addresses of Services are loopback addresses, because a process can listen on them. The range is random, so
     * that two control planes on one machine rarely have the same.
     */
    private static String serviceRange() {
        SecureRandom random = new SecureRandom();
        return "127.%d.%d.0/20".formatted(96 + random.nextInt(31), 16 * random.nextInt(16));
    }
}
