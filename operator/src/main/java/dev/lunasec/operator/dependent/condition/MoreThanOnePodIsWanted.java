package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** With one pod, a budget would keep its node from ever being drained. */
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
