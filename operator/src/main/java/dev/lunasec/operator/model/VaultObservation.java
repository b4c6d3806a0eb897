package dev.lunasec.operator.model;

import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was seen before anything is changed in the cluster; the dependents read from here what the resource alone does not tell.
 *
 * @param defaults what the operator's own settings decide for every vault
 * @param redis the Redis that the resource names, or ours
 * @param tls whether the certificate that the resource names is there
 * @param references a hash of the Secrets and ConfigMaps that the pods read once; empty while the keyring is not usable
 * @param everyPodHasReferences whether there are tokenizer pods and each of them was created with these references
 * @param rotation what the next step of a rotation is decided from; null while the keyring is not to be touched
 * @param records of the bucket, by share
 * @param now when this pass began
 */
public record VaultObservation(
        VaultDefaults defaults,
        Verdict storage,
        BucketStatus bucket,
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
     * @param verdict whether what is named of an external one is complete; of no meaning for a managed one
     * @param port where it listens
     */
    public record Redis(Verdict verdict, int port) {}

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
