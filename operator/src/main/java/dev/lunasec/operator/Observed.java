package dev.lunasec.operator;

import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.status.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/**
 * What was seen before anything is changed in the cluster; the dependents read from here what the resource alone does not tell.
 *
 * @param operator the operator's own settings
 * @param externalRedis whether the Secret of an external Redis is complete; of no meaning for a managed one
 */
public record Observed(
        OperatorSettings operator, Verdict storage, BucketStatus bucket, Verdict externalRedis, KeyringState keyring) {

    void handTo(Context<?> context) {
        context.managedWorkflowAndDependentResourceContext().put(Observed.class, this);
    }

    /** What {@link TokenizerReconciler} has handed to this pass. */
    public static Observed in(Context<?> context) {
        return context.managedWorkflowAndDependentResourceContext().getMandatory(Observed.class, Observed.class);
    }
}
