package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.NetworkPolicySpec.Mode;
import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** The resource asks for network policies. */
public final class NetworkPolicyIsEnabled implements Condition<HasMetadata, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<HasMetadata, Tokenizer> object, Tokenizer tokenizer, Context<Tokenizer> context) {
        return tokenizer.getSpec().networkPolicy().mode() == Mode.ENABLED;
    }
}
