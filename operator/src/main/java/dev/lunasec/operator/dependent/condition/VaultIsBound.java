package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/**
 * The keyring is usable, and pins the location of the bucket that the resource names. Otherwise pods must not be
 * replaced: the last pods that have the keys would end, or the new ones would use another bucket. A keyring that this
 * pass creates counts from the next pass on, which reads it. A vault that has no pods gets none while its bucket
 * belongs to another cluster with a copy of the keyring: each of the two would store tokens that the other cannot read.
 */
public final class VaultIsBound implements Condition<Secret, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<Secret, Tokenizer> keyring, Tokenizer tokenizer, Context<Tokenizer> context) {
        VaultObservation observed = VaultObservation.in(context);
        boolean pinned = observed.keyring() instanceof KeyringState.Present && observed.bucketPinned();
        boolean runs = context.getSecondaryResource(Deployment.class).isPresent();
        return pinned && (runs || !observed.bucket().isWrongBucket());
    }
}
