package dev.lunasec.operator.dependent.redis;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** Lets only the tokenizer pods connect to the managed Redis, and Redis connect to nothing. */
public final class RedisNetworkPolicy extends VaultDependent<NetworkPolicy> {
    public RedisNetworkPolicy() {
        super(NetworkPolicy.class, Names::redis);
    }

    @Override
    protected NetworkPolicy desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static NetworkPolicy desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        return new NetworkPolicyBuilder()
                .withMetadata(names.metadata(names.redis(), Names.Component.GRANTS))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(names.selector(Names.Component.GRANTS))
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .addNewIngress()
                .addNewFrom()
                .withNewPodSelector()
                .withMatchLabels(names.selector(Names.Component.TOKENIZER))
                .endPodSelector()
                .endFrom()
                .addNewPort()
                .withProtocol("TCP")
                .withNewPort(RedisStatefulSet.PORT)
                .endPort()
                .endIngress()
                .endSpec()
                .build();
    }
}
