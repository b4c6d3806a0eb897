package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The address of the tokenizer for the pods of the cluster. */
public final class TokenizerService extends VaultDependent<Service> {
    public TokenizerService() {
        super(Service.class, Names::tokenizer);
    }

    @Override
    protected Service desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static Service desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        return new ServiceBuilder()
                .withMetadata(names.metadata(names.tokenizer(), Names.Component.TOKENIZER))
                .withNewSpec()
                .withSelector(names.selector(Names.Component.TOKENIZER))
                .addNewPort()
                .withName(TokenizerContainer.portName(tokenizer))
                .withPort(TokenizerEnvironment.DEFAULT_PORT)
                .withNewTargetPort(TokenizerEnvironment.DEFAULT_PORT)
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName("management")
                .withPort(TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT)
                .withNewTargetPort("management")
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }
}
