package dev.lunasec.operator.dependent.tokenizer;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.StoreDependent;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.BooleanWithUndefined;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.util.Map;

/** The ConfigMap with {@code settings.json}, which the tokenizer reads. */
@KubernetesDependent(useSSA = BooleanWithUndefined.TRUE)
public final class SettingsConfigMap extends StoreDependent<ConfigMap> {
    static final String KEY = "settings.json";

    public SettingsConfigMap() {
        super(ConfigMap.class, Names::settings);
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
