package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/**
 * Pods are only touched while the keyring is there: a rollout without it would end the last pods that still have the keys.
 * A keyring that was just made counts from the next pass on, when it has been read.
 */
public final class KeyringIsThere implements Condition<Secret, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<Secret, Tokenizer> keyring, Tokenizer tokenizer, Context<Tokenizer> context) {
        return VaultObservation.in(context).keyring() instanceof KeyringState.Present;
    }
}
