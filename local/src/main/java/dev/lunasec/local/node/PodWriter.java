package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;

/** What the node writes about pods to the API server. */
final class PodWriter {
    private final KubernetesClient client;

    PodWriter(KubernetesClient client) {
        this.client = client;
    }

    /** Assigns a pod to this node. */
    void bind(Pod pod) {
        Binding binding = new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName(Node.NAME)
                .endTarget()
                .build();
        client.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(binding)
                .create();
    }

    /**
     * Writes the status of a pod.
     *
     * @return false when the API server no longer has this pod
     */
    boolean writeStatus(Pod pod, PodStatus status) {
        @Nullable Pod now = client.pods().resource(pod).get();
        if (now == null || !now.getMetadata().getUid().equals(pod.getMetadata().getUid())) return false;
        client.pods().resource(new PodBuilder(now).withStatus(status).build()).updateStatus();
        return true;
    }

    /** Removes a pod that has ended, without a further grace period. */
    void delete(Pod pod) {
        client.pods().resource(pod).withGracePeriod(0).delete();
    }
}
