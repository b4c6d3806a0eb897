package dev.lunasec.operator.dependent;

import static dev.lunasec.operator.dependent.Restricted.FILE_MODE;
import static dev.lunasec.operator.dependent.Restricted.file;
import static dev.lunasec.operator.dependent.Restricted.mount;
import static dev.lunasec.operator.dependent.Restricted.temporary;
import static dev.lunasec.operator.dependent.Restricted.writable;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec.ConfigMapKey;
import dev.lunasec.api.v1alpha1.TokenizerSpec.ExternalRedis;
import dev.lunasec.api.v1alpha1.TokenizerSpec.SecretName;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;

/** The files of a tokenizer pod: which object becomes which folder. */
final class TokenizerVolumes {
    static final String SETTINGS = "/etc/tokenizer/settings";
    static final String KEYRING = "/etc/tokenizer/keyring";
    static final String REDIS = "/etc/tokenizer/redis";
    static final String STORAGE = "/etc/tokenizer/storage";
    static final String CA = "/etc/tokenizer/ca";

    private TokenizerVolumes() {}

    static List<VolumeMount> mounts(Tokenizer tokenizer) {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(mount("settings", SETTINGS));
        mounts.add(mount("keyring", KEYRING));
        mounts.add(mount("redis", REDIS));
        if (tokenizer.getSpec().storage().credentials() != null) mounts.add(mount("storage", STORAGE));
        if (tokenizer.getSpec().storage().trustedCA() != null) mounts.add(mount("ca", CA));
        mounts.add(writable("tmp", "/tmp"));
        return mounts;
    }

    static List<Volume> of(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        List<Volume> volumes = new ArrayList<>();
        volumes.add(configMap("settings", names.settings(), SettingsConfigMap.KEY));
        volumes.add(new VolumeBuilder()
                .withName("keyring")
                .withNewSecret()
                .withSecretName(names.keyring())
                .withDefaultMode(FILE_MODE)
                .endSecret()
                .build());
        ExternalRedis redis = tokenizer.getSpec().grants().redis().external();
        volumes.add(
                redis == null
                        ? secret("redis", names.redis(), file(RedisSecret.URL, RedisSecret.URL))
                        : secret("redis", redis.secretName(), file(redis.key(), RedisSecret.URL)));
        SecretName credentials = tokenizer.getSpec().storage().credentials();
        if (credentials != null) {
            volumes.add(secret(
                    "storage",
                    credentials.secretName(),
                    file("accessKeyId", "accessKeyId"),
                    file("secretAccessKey", "secretAccessKey")));
        }
        ConfigMapKey ca = tokenizer.getSpec().storage().trustedCA();
        if (ca != null) volumes.add(configMap("ca", ca.configMapName(), ca.key()));
        volumes.add(temporary("tmp", "64Mi"));
        return volumes;
    }

    private static Volume secret(String name, String secret, KeyToPath... items) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(FILE_MODE)
                .withItems(items)
                .endSecret()
                .build();
    }

    private static Volume configMap(String name, String configMap, String key) {
        return new VolumeBuilder()
                .withName(name)
                .withNewConfigMap()
                .withName(configMap)
                .withDefaultMode(FILE_MODE)
                .addToItems(file(key, key))
                .endConfigMap()
                .build();
    }
}
