package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.VaultDependent;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.BooleanWithUndefined;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.util.Map;

/** The ConfigMap with {@code settings.json}, which the tokenizer reads. */
@KubernetesDependent(useSSA = BooleanWithUndefined.TRUE)
public final class SettingsConfigMap extends VaultDependent<ConfigMap> {
    static final String KEY = "settings.json";

    public SettingsConfigMap() {
        super(ConfigMap.class, Names::settings);
    }

    /** While the resource names another store than the keyring pins, running pods keep their settings: one that restarts reads them. */
    @Override
    public ReconcileResult<ConfigMap> reconcile(Tokenizer tokenizer, Context<Tokenizer> context) {
        return VaultObservation.in(context).storeDiffers()
                        && getSecondaryResource(tokenizer, context).isPresent()
                ? ReconcileResult.noOperation(null)
                : super.reconcile(tokenizer, context);
    }

    @Override
    protected ConfigMap desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer);
    }

    static ConfigMap desired(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        return new ConfigMapBuilder()
                .withMetadata(names.metadata(names.settings(), Names.Component.TOKENIZER))
                .withData(Map.of(KEY, SettingsMapper.of(tokenizer).toJson()))
                .build();
    }
}
