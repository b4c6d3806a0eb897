package dev.lunasec.operator.model;

import dev.lunasec.operator.OperatorSettings;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.controller.TokenizerReconciler;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was seen before anything is changed in the cluster; the dependents read from here what the resource alone does not tell.
 *
 * @param operator the operator's own settings
 * @param redis the Redis that the resource names, or ours
 * @param tls whether the certificate that the resource names is there
 * @param references stands for the content of what the pods mount and read once; empty without a keyring
 * @param rotation what the next step of a rotation is decided from; null while the keyring is not to be touched
 * @param records of the bucket, by share
 * @param now when this pass began
 */
public record VaultObservation(
        OperatorSettings operator,
        Verdict storage,
        BucketStatus bucket,
        Redis redis,
        Verdict tls,
        KeyringState keyring,
        String references,
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

    public void handTo(Context<?> context) {
        context.managedWorkflowAndDependentResourceContext().put(VaultObservation.class, this);
    }

    /** What {@link TokenizerReconciler} has handed to this pass. */
    public static VaultObservation in(Context<?> context) {
        return context.managedWorkflowAndDependentResourceContext()
                .getMandatory(VaultObservation.class, VaultObservation.class);
    }
}
