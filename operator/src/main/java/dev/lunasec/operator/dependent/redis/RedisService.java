package dev.lunasec.operator.dependent.redis;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The address of the managed Redis. */
public final class RedisService extends VaultDependent<Service> {
    public RedisService() {
        super(Service.class, Names::redis);
    }

    @Override
    protected Service desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static Service desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        return new ServiceBuilder()
                .withMetadata(names.metadata(names.redis(), Names.Component.GRANTS))
                .withNewSpec()
                .withSelector(names.selector(Names.Component.GRANTS))
                .addNewPort()
                .withName("redis")
                .withPort(RedisStatefulSet.PORT)
                .withNewTargetPort("redis")
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }
}
