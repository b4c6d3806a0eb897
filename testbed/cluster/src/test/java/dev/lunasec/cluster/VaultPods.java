package dev.lunasec.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The pods of the vault: how often they were restarted, and the certificate that they serve. */
record VaultPods(Cluster cluster) {
    boolean restarted(String component) {
        return cluster.pods(Cluster.VAULT, component).stream()
                .anyMatch(pod -> pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(container -> container.getRestartCount() > 0));
    }

    /** How often each pod of a component was restarted, by the name of the pod. */
    Map<String, String> restartsOf(String component) {
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

    /** The certificate that a pod serves at this moment, in PEM. */
    String served(Pod pod) throws Exception {
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
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END CERTIFICATE-----\n";
        }
    }
}
