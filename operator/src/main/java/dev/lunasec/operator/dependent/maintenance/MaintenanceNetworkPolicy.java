package dev.lunasec.operator.dependent.maintenance;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.StoreDependent;
import dev.lunasec.operator.dependent.tokenizer.EgressRules;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** Lets the pods of rewrap and sweep Jobs connect to DNS and the store, and nothing connect to them. */
public final class MaintenanceNetworkPolicy extends StoreDependent<NetworkPolicy> {
    public MaintenanceNetworkPolicy() {
        super(NetworkPolicy.class, Names::maintenance);
    }

    @Override
    protected NetworkPolicy desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static NetworkPolicy desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        return new NetworkPolicyBuilder()
                .withMetadata(names.metadata(names.maintenance(), Names.Component.SWEEP))
                .withNewSpec()
                .withNewPodSelector()
                .addToMatchLabels(Annotations.INSTANCE, names.vault())
                .addNewMatchExpression()
                .withKey(Annotations.COMPONENT)
                .withOperator("In")
                .withValues(Names.Component.REWRAP.component(), Names.Component.SWEEP.component())
                .endMatchExpression()
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .withEgress(EgressRules.store(tokenizer))
                .endSpec()
                .build();
    }
}
