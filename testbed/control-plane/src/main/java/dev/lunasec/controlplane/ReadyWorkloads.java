package dev.lunasec.controlplane;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stands in for the controllers and the node, where they do not run: whatever is wanted is ready at once. */
public final class ReadyWorkloads implements AutoCloseable {
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<StatefulSet> statefulSets;

    /**
     * Begins to watch.
     *
     * @param namespace whose Deployments and StatefulSets are ready; null for all namespaces
     */
    public ReadyWorkloads(KubernetesClient client, @Nullable String namespace) {
        deployments = in(namespace, client.apps().deployments()).inform(onChange(deployment -> {
            var status = new DeploymentStatusBuilder()
                    .withObservedGeneration(deployment.getMetadata().getGeneration())
                    .withReplicas(deployment.getSpec().getReplicas())
                    .withUpdatedReplicas(deployment.getSpec().getReplicas())
                    .withReadyReplicas(deployment.getSpec().getReplicas())
                    .withAvailableReplicas(deployment.getSpec().getReplicas())
                    .build();
            if (Objects.equals(status, deployment.getStatus())) return;
            client.resource(deployment)
                    .editStatus(d -> d.edit().withStatus(status).build());
        }));
        statefulSets = in(namespace, client.apps().statefulSets()).inform(onChange(statefulSet -> {
            var status = new StatefulSetStatusBuilder()
                    .withObservedGeneration(statefulSet.getMetadata().getGeneration())
                    .withReplicas(1)
                    .withReadyReplicas(1)
                    .withUpdatedReplicas(1)
                    .withAvailableReplicas(1)
                    .build();
            if (Objects.equals(status, statefulSet.getStatus())) return;
            client.resource(statefulSet)
                    .editStatus(s -> s.edit().withStatus(status).build());
        }));
    }

    private static <R, L, O extends Resource<R>> Informable<R> in(
            @Nullable String namespace, MixedOperation<R, L, O> all) {
        return namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace);
    }

    private static <R> ResourceEventHandler<R> onChange(Consumer<R> handler) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(R object) {
                handler.accept(object);
            }

            @Override
            public void onUpdate(R before, R object) {
                handler.accept(object);
            }

            @Override
            public void onDelete(R object, boolean finalStateUnknown) {}
        };
    }

    @Override
    public void close() {
        deployments.close();
        statefulSets.close();
    }
}
