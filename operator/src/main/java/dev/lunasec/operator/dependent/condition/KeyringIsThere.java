package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/**
 * The keyring exists and is usable. Without it pods must not be replaced, because the last pods that have the keys would end. A keyring
 * that this pass creates counts from the next pass on, which reads it.
 */
public final class KeyringIsThere implements Condition<Secret, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<Secret, Tokenizer> keyring, Tokenizer tokenizer, Context<Tokenizer> context) {
        return VaultObservation.in(context).keyring() instanceof KeyringState.Present;
    }
}
