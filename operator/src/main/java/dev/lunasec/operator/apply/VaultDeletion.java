package dev.lunasec.operator.apply;

import dev.lunasec.api.v1alpha1.StorageSpec;
import dev.lunasec.api.v1alpha1.StorageSpec.DeletionPolicy;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.dependent.KeyringSecrets;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.observe.PodObserver;
import dev.lunasec.operator.observe.ReferencedSecrets;
import dev.lunasec.operator.observe.VaultObserver;
import dev.lunasec.operator.report.ConditionEvents;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a vault. Bucket and keyring stay, unless the resource asked for their deletion twice; the rest goes with its owner. A store
 * that gives no answer is asked for about a minute, and a pod that does not end is given as long; then the data stays and the resource
 * goes.
 */
public final class VaultDeletion {
    /** With waits of 1, 2, 4 … s between them. */
    private static final int ATTEMPTS = 7;

    private static final Duration SOON = Duration.ofSeconds(1);
    /** After its grace period; a node that is gone never says that a pod has ended. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final VaultObserver observer;
    private final BucketProvisioner buckets;

    public VaultDeletion(VaultObserver observer, BucketProvisioner buckets) {
        this.observer = observer;
        this.buckets = buckets;
    }

    /**
     * Where the deletion is.
     *
     * @param waits for what; null when it waits for nothing that people should know
     */
    public record Outcome(DeleteControl control, @Nullable Verdict waits) {
        private static Outcome of(DeleteControl control) {
            return new Outcome(control, null);
        }

        private static Outcome soon(@Nullable Verdict waits) {
            return new Outcome(DeleteControl.noFinalizerRemoval().rescheduleAfter(SOON), waits);
        }
    }

    /**
     * Deletes as much as is possible in some seconds.
     *
     * @param failures how many calls before this one have failed in a row
     * @throws StorageFailed if the bucket was not deleted and the call has to be repeated
     */
    public Outcome step(Tokenizer tokenizer, KubernetesClient client, int failures, Instant now) throws StorageFailed {
        Outcome outcome = delete(tokenizer, client, failures, now);
        if (outcome.control().isRemoveFinalizer())
            buckets.forget(Names.of(tokenizer).qualified());
        return outcome;
    }

    private Outcome delete(Tokenizer tokenizer, KubernetesClient client, int failures, Instant now)
            throws StorageFailed {
        StorageSpec storage = tokenizer.getSpec().storage();
        Names names = Names.of(tokenizer);
        String both = "the bucket " + storage.bucket() + " and the Secret " + names.keyring();
        if (storage.deletionPolicy() == DeletionPolicy.RETAIN) {
            tell(tokenizer, "Normal", "Retained", "The vault goes; " + both + " stay.", client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        if (storage.confirmDeletion() == null) {
            String sentence = "Without storage.confirmDeletion nothing of the data is deleted: " + both
                    + " stay; delete them yourself.";
            tell(tokenizer, "Warning", "Retained", sentence, client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        if (Annotations.isPaused(tokenizer)) return Outcome.of(DeleteControl.noFinalizerRemoval());
        List<Pod> pods = podsThatAreLeft(names, client);
        if (pods.stream().anyMatch(pod -> mayStillEnd(pod, now))) return Outcome.soon(waitsFor(pods.get(0)));
        if (!pods.isEmpty()) {
            String sentence = "The pod " + pods.get(0).getMetadata().getName()
                    + " does not end, and could still write; what is left of " + both + " stays: delete them yourself.";
            tell(tokenizer, "Warning", "DeletionGivenUp", sentence, client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        try {
            if (!buckets.delete(observer.bucket(tokenizer, client))) return Outcome.soon(null);
        } catch (StorageFailed | ReferencedSecrets.Missing e) {
            if (failures < ATTEMPTS) throw failed(e);
            String sentence = e.getMessage() + " It was tried " + ATTEMPTS + " times; what is left of " + both
                    + " stays: delete them yourself.";
            tell(tokenizer, "Warning", "DeletionGivenUp", sentence, client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        new KeyringSecrets(names, client).delete();
        tell(tokenizer, "Warning", "Deleted", "For good: " + both + ", and all that they held.", client, now);
        return Outcome.of(DeleteControl.defaultDelete());
    }

    private static StorageFailed failed(Exception e) {
        return e instanceof StorageFailed failed ? failed : new StorageFailed(String.valueOf(e.getMessage()), e);
    }

    /** Tells the pods to go first: one that still serves, or moves records, would write into the bucket while it is emptied. */
    private static List<Pod> podsThatAreLeft(Names names, KubernetesClient client) {
        client.apps()
                .deployments()
                .inNamespace(names.namespace())
                .withName(names.tokenizer())
                .delete();
        client.batch()
                .v1()
                .cronjobs()
                .inNamespace(names.namespace())
                .withName(names.sweepCronJob())
                .delete();
        client.batch()
                .v1()
                .jobs()
                .inNamespace(names.namespace())
                .withLabel(Annotations.INSTANCE, names.vault())
                .list()
                .getItems()
                .forEach(job -> client.resource(job).delete());
        return PodObserver.running(names, client).stream()
                .filter(pod -> !names.owns(pod, Names.Component.GRANTS))
                .toList();
    }

    /** The time of its deletion is when its grace period ends. */
    private static boolean mayStillEnd(Pod pod, Instant now) {
        String end = pod.getMetadata().getDeletionTimestamp();
        return end == null || now.isBefore(Instant.parse(end).plus(PATIENCE));
    }

    private static Verdict waitsFor(Pod pod) {
        return Verdict.no(
                "DeletionWaits",
                "The data is deleted when the pod " + pod.getMetadata().getName()
                        + " has ended, for it could still write; if its node is gone, delete the node.");
    }

    private static void tell(
            Tokenizer tokenizer, String type, String reason, String note, KubernetesClient client, Instant now) {
        ConditionEvents.publish(tokenizer, type, reason, "Delete", note, client, now);
    }
}
