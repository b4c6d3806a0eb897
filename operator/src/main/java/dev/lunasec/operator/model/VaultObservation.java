package dev.lunasec.operator.model;

import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What the operator observed at the beginning of a pass. The dependents read from it what the resource alone does not
 * say.
 *
 * @param defaults what the operator's own settings decide for every vault
 * @param storage the verdict on the bucket
 * @param bucket the bucket and its settings
 * @param bucketPinned whether the keyring pins the location that the resource names: no other location reaches a pod
 * @param redis the Redis that the resource names, or the managed one
 * @param tls whether the certificate that the resource names exists
 * @param keyring the state of the keyring Secret
 * @param references a hash of the Secrets and ConfigMaps that the pods read once; empty while the keyring is not usable
 * @param everyPodHasReferences whether there are tokenizer pods and each of them was created with these references
 * @param rotation what the next step of a rotation is decided from; null while the keyring must not be changed
 * @param records the records of the bucket, by share
 * @param now the time of the API server when this pass began
 */
public record VaultObservation(
        VaultDefaults defaults,
        Verdict storage,
        BucketStatus bucket,
        boolean bucketPinned,
        Redis redis,
        Verdict tls,
        KeyringState keyring,
        String references,
        boolean everyPodHasReferences,
        @Nullable RotationState rotation,
        RecordsOfShare records,
        Instant now) {

    /**
     * The Redis of the grants.
     *
     * @param verdict for an external Redis: whether the Secret and the ConfigMap that the resource names are usable
     * @param ports of an external Redis to which the pods connect, as far as its URL tells; empty without a usable URL
     * @param encrypted whether they connect with TLS
     */
    public record Redis(Verdict verdict, SortedSet<Integer> ports, boolean encrypted) {}

    /** Lets the dependents of this pass read the observation. */
    public void handTo(Context<?> context) {
        context.managedWorkflowAndDependentResourceContext().put(VaultObservation.class, this);
    }

    /** The observation of the current pass. */
    public static VaultObservation in(Context<?> context) {
        return context.managedWorkflowAndDependentResourceContext()
                .getMandatory(VaultObservation.class, VaultObservation.class);
    }
}
