package dev.lunasec.operator.apply;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.observe.PodObserver;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs pods that write into the bucket of a vault: its Deployment, its CronJob and its Jobs. */
final class VaultWorkloads {
    private final Tokenizer tokenizer;
    private final Names names;
    private final KubernetesClient client;

    VaultWorkloads(Tokenizer tokenizer, KubernetesClient client) {
        this.tokenizer = tokenizer;
        this.names = Names.of(tokenizer);
        this.client = client;
    }

    /**
     * Deletes those whose owner is this resource. Objects of another owner stay, whatever their names and labels are.
     */
    void delete() {
        Deployment deployment = client.apps()
                .deployments()
                .inNamespace(names.namespace())
                .withName(names.tokenizer())
                .get();
        if (isOwned(deployment)) client.resource(deployment).delete();
        CronJob sweep = client.batch()
                .v1()
                .cronjobs()
                .inNamespace(names.namespace())
                .withName(names.sweepCronJob())
                .get();
        // The owner of a nightly Job is the CronJob, so the Jobs are deleted while it still exists.
        client
                .batch()
                .v1()
                .jobs()
                .inNamespace(names.namespace())
                .withLabel(Annotations.INSTANCE, names.vault())
                .list()
                .getItems()
                .stream()
                .filter(job -> isOwned(job) || (isOwned(sweep) && job.hasOwnerReferenceFor(sweep)))
                .forEach(job -> client.resource(job).delete());
        if (isOwned(sweep)) client.resource(sweep).delete();
    }

    /** The pods that are left. Each of them could write into the bucket while the operator empties it. */
    List<Pod> pods() {
        return PodObserver.running(names, client).stream()
                .filter(pod -> !names.owns(pod, Names.Component.GRANTS))
                .toList();
    }

    private boolean isOwned(@Nullable HasMetadata object) {
        return object != null && object.hasOwnerReferenceFor(tokenizer);
    }
}
