package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.tokenizer.ServiceMonitor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** The cluster knows ServiceMonitors. Asked of the API server itself, because the CRDs of others are not for us to read. */
public final class PrometheusOperatorIsThere implements Condition<HasMetadata, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<HasMetadata, Tokenizer> object, Tokenizer tokenizer, Context<Tokenizer> context) {
        return context.getClient().supports(ServiceMonitor.class);
    }
}
