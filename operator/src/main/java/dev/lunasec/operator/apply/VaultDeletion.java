package dev.lunasec.operator.apply;

import dev.lunasec.api.v1alpha1.StorageSpec;
import dev.lunasec.api.v1alpha1.StorageSpec.DeletionPolicy;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.dependent.KeyringDeletion;
import dev.lunasec.operator.dependent.KeyringSecrets;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a vault. Bucket and keyring stay unless the resource asks for their deletion twice; Kubernetes
 * garbage-collects the other objects. The operator retries a failed deletion of the bucket for about a minute, and
 * waits two minutes for a pod that does not end after its grace period. Then it gives up: the data stays, and the
 * resource is deleted.
 */
public final class VaultDeletion {
    /** How many failures are retried; the waits between them double, from 1 s. */
    private static final int RETRIES = 7;

    private static final Duration NEXT_STEP = Duration.ofSeconds(1);
    /**
     * How long a pod may run after its grace period. On a node that has failed, nobody reports that a pod has ended.
     */
    private static final Duration POD_TIMEOUT = Duration.ofMinutes(2);

    private final VaultObserver observer;
    private final BucketProvisioner buckets;

    public VaultDeletion(VaultObserver observer, BucketProvisioner buckets) {
        this.observer = observer;
        this.buckets = buckets;
    }

    /**
     * The result of one step.
     *
     * @param control tells the SDK whether the resource can go
     * @param waits what the deletion waits for; null if it waits for nothing, or only for its own next step
     */
    public record Outcome(DeleteControl control, @Nullable Verdict waits) {
        private static Outcome of(DeleteControl control) {
            return new Outcome(control, null);
        }

        private static Outcome soon(@Nullable Verdict waits) {
            return new Outcome(DeleteControl.noFinalizerRemoval().rescheduleAfter(NEXT_STEP), waits);
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
        String data = "the bucket " + storage.bucket() + " and the Secret " + names.keyring();
        if (storage.deletionPolicy() == DeletionPolicy.RETAIN) {
            tell(tokenizer, "Normal", "Retained", "The vault is deleted. Its data stays: " + data + ".", client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        if (storage.confirmDeletion() == null) {
            String note = "storage.confirmDeletion is not set, so the data stays: " + data + "; delete them yourself.";
            tell(tokenizer, "Warning", "Retained", note, client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        if (Annotations.isPaused(tokenizer)) return Outcome.of(DeleteControl.noFinalizerRemoval());
        VaultWorkloads workloads = new VaultWorkloads(tokenizer, client);
        workloads.delete();
        List<Pod> pods = workloads.pods();
        if (pods.stream().anyMatch(pod -> mayEnd(pod, now))) return Outcome.soon(waitsFor(pods.get(0)));
        if (!pods.isEmpty()) {
            String note = "The pod " + pods.get(0).getMetadata().getName()
                    + " does not end and could still write. The operator leaves what remains of " + data
                    + "; delete them yourself.";
            tell(tokenizer, "Warning", "DeletionGivenUp", note, client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        KeyringSecrets keys = new KeyringSecrets(names, client);
        try {
            if (!deleted(tokenizer, keys, client, now)) return Outcome.soon(null);
        } catch (StorageFailed | ReferencedSecrets.Missing e) {
            if (failures < RETRIES) throw failed(e);
            String note = e.getMessage() + " The operator has tried " + (RETRIES + 1)
                    + " times, and leaves what remains of " + data + "; delete them yourself.";
            tell(tokenizer, "Warning", "DeletionGivenUp", note, client, now);
            return Outcome.of(DeleteControl.defaultDelete());
        }
        tell(tokenizer, "Warning", "Deleted", "Deleted for good with all content: " + data + ".", client, now);
        return Outcome.of(DeleteControl.defaultDelete());
    }

    /**
     * Takes one step: records in the keyring that the deletion begins, deletes a part of the bucket, or deletes the
     * keys.
     *
     * @return whether bucket and keys are gone
     */
    private boolean deleted(Tokenizer tokenizer, KeyringSecrets keys, KubernetesClient client, Instant now)
            throws StorageFailed, ReferencedSecrets.Missing {
        Optional<KeyringState.SecretContent> secret = keys.keyring();
        KeyringState keyring = KeyringState.of(Names.of(tokenizer).keyring(), secret, () -> RecordPresence.UNKNOWN);
        BucketSpec bucket = observer.bucket(tokenizer, client);
        BucketClaim claim = observer.claim(tokenizer, client, secret, keyring);
        if (keyring instanceof KeyringState.Present present) {
            if (!present.bucketDeletionBegan()) {
                buckets.requireDeletable(bucket, claim);
                keys.beginDeletion(present, now);
                return false;
            }
            if (!buckets.delete(bucket, claim)) return false;
            new KeyringDeletion(Names.of(tokenizer), client)
                    .delete(present, VaultId.of(secret.orElseThrow().lookup()));
            return true;
        }
        // The keyring goes last, so without it an earlier call has deleted the bucket, or it is not this vault's.
        if (secret.isEmpty() && buckets.isMissing(bucket)) return true;
        throw new StorageFailed("Without a readable keyring the bucket is not proven to be this vault's.");
    }

    private static StorageFailed failed(Exception e) {
        return e instanceof StorageFailed failed ? failed : new StorageFailed(String.valueOf(e.getMessage()), e);
    }

    /** The deletion timestamp of a pod is the end of its grace period. */
    private static boolean mayEnd(Pod pod, Instant now) {
        String end = pod.getMetadata().getDeletionTimestamp();
        return end == null || now.isBefore(Instant.parse(end).plus(POD_TIMEOUT));
    }

    private static Verdict waitsFor(Pod pod) {
        return Verdict.no(
                "DeletionWaits",
                "The operator deletes the data after the pod "
                        + pod.getMetadata().getName()
                        + " has ended, because the pod could still write. If its node has failed, delete the node.");
    }

    private static void tell(
            Tokenizer tokenizer, String type, String reason, String note, KubernetesClient client, Instant now) {
        ConditionEvents.publish(tokenizer, type, reason, "Delete", note, client, now);
    }
}
