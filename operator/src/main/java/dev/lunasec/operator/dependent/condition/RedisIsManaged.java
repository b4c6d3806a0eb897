package dev.lunasec.operator.dependent.condition;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** The resource names no external Redis, so the operator runs one. */
public final class RedisIsManaged implements Condition<HasMetadata, Tokenizer> {
    @Override
    public boolean isMet(
            DependentResource<HasMetadata, Tokenizer> redis, Tokenizer tokenizer, Context<Tokenizer> context) {
        return tokenizer.getSpec().grants().redis().external() == null;
    }
}
