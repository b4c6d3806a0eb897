package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** The vault has more than one pod. With one pod, a PodDisruptionBudget would block every drain of its node. */
public final class MoreThanOnePodIsWanted implements Condition<HasMetadata, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<HasMetadata, Tokenizer> object, Tokenizer tokenizer, Context<Tokenizer> context) {
        return (tokenizer.getSpec().autoscaling() == null
                        ? tokenizer.getSpec().replicas()
                        : tokenizer.getSpec().autoscaling().minReplicas())
                > 1;
    }
}
