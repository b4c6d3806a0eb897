package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.AutoscalingSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Objects;

/** Scales the tokenizer pods by their CPU usage. */
public final class TokenizerAutoscaler extends VaultDependent<HorizontalPodAutoscaler> {
    public TokenizerAutoscaler() {
        super(HorizontalPodAutoscaler.class, Names::tokenizer);
    }

    @Override
    protected HorizontalPodAutoscaler desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static HorizontalPodAutoscaler desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        AutoscalingSpec wanted = Objects.requireNonNull(tokenizer.getSpec().autoscaling(), "spec.autoscaling");
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER))
                .withNewSpec()
                .withNewScaleTargetRef()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(names.tokenizer())
                .endScaleTargetRef()
                .withMinReplicas(wanted.minReplicas())
                .withMaxReplicas(wanted.maxReplicas())
                .addNewMetric()
                .withType("Resource")
                .withNewResource()
                .withName("cpu")
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(wanted.targetCPUUtilization())
                .endTarget()
                .endResource()
                .endMetric()
                .endSpec()
                .build();
    }
}
