package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** Lets a drain of nodes evict one tokenizer pod at a time. */
public final class TokenizerPodDisruptionBudget extends VaultDependent<PodDisruptionBudget> {
    public TokenizerPodDisruptionBudget() {
        super(PodDisruptionBudget.class, Names::tokenizer);
    }

    @Override
    protected PodDisruptionBudget desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static PodDisruptionBudget desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        return new PodDisruptionBudgetBuilder()
                .withMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER))
                .withNewSpec()
                .withNewMaxUnavailable(1)
                .withNewSelector()
                .withMatchLabels(names.selector(Names.Component.TOKENIZER))
                .endSelector()
                .endSpec()
                .build();
    }
}
