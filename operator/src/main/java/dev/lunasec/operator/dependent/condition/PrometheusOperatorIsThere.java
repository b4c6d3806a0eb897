package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.tokenizer.ServiceMonitor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** The API server serves ServiceMonitors. The discovery API says so; the operator has no permission to read CRDs. */
public final class PrometheusOperatorIsThere implements Condition<HasMetadata, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<HasMetadata, Tokenizer> object, Tokenizer tokenizer, Context<Tokenizer> context) {
        return context.getClient().supports(ServiceMonitor.class);
    }
}
