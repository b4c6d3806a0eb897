package dev.lunasec.operator.observe;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/**
 * The uid of the namespace {@code kube-system}, by which clusters are told apart. It never changes, so it is read once.
 */
final class ClusterId {
    private static final String NAMESPACE = "kube-system";

    private volatile @Nullable String uid;

    /** @throws IllegalStateException if the cluster has no such namespace */
    String of(KubernetesClient client) {
        String known = uid;
        if (known != null) return known;
        var namespace = client.namespaces().withName(NAMESPACE).get();
        if (namespace == null) throw new IllegalStateException("The namespace " + NAMESPACE + " does not exist.");
        String read = namespace.getMetadata().getUid();
        uid = read;
        return read;
    }
}
