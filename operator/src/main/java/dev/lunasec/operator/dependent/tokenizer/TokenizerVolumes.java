package dev.lunasec.operator.dependent.tokenizer;

import static dev.lunasec.contract.MountedFiles.ACCESS_KEY_ID;
import static dev.lunasec.contract.MountedFiles.CLUSTER_CA;
import static dev.lunasec.contract.MountedFiles.CLUSTER_TOKEN;
import static dev.lunasec.contract.MountedFiles.SECRET_ACCESS_KEY;
import static dev.lunasec.contract.MountedFiles.TLS_CERTIFICATE;
import static dev.lunasec.contract.MountedFiles.TLS_KEY;
import static dev.lunasec.operator.dependent.RestrictedSecurity.FILE_MODE;
import static dev.lunasec.operator.dependent.RestrictedSecurity.SECRET_MODE;
import static dev.lunasec.operator.dependent.RestrictedSecurity.file;
import static dev.lunasec.operator.dependent.RestrictedSecurity.mount;
import static dev.lunasec.operator.dependent.RestrictedSecurity.temporary;
import static dev.lunasec.operator.dependent.RestrictedSecurity.writable;

import dev.lunasec.api.v1alpha1.ConfigMapKey;
import dev.lunasec.api.v1alpha1.GrantsSpec.ExternalRedis;
import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.api.v1alpha1.SecretName;
import dev.lunasec.api.v1alpha1.TlsSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.operator.dependent.redis.RedisSecret;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The volumes of a tokenizer pod: which Secret or ConfigMap is mounted in which folder. */
public final class TokenizerVolumes {
    static final String SETTINGS = "/etc/tokenizer/settings";
    static final String KEYRING = "/etc/tokenizer/keyring";
    static final String REDIS = "/etc/tokenizer/redis";
    static final String STORAGE = "/etc/tokenizer/storage";
    static final String CA = "/etc/tokenizer/ca";
    static final String REDIS_CA = "/etc/tokenizer/redis-ca";
    static final String TLS = "/etc/tokenizer/tls";
    static final String ISSUER_CAS = "/etc/tokenizer/issuer-cas";
    static final String CLUSTER = "/etc/tokenizer/cluster";
    /** The ConfigMap with the certificate authority of the API server, which Kubernetes creates in every namespace. */
    private static final String ROOT_CA = "kube-root-ca.crt";

    private static final long TOKEN_SECONDS = 3600;

    private TokenizerVolumes() {}

    static List<VolumeMount> mounts(Tokenizer tokenizer) {
        List<VolumeMount> mounts = new ArrayList<>(recordsMounts(tokenizer));
        mounts.add(mount("redis", REDIS));
        if (redisCa(tokenizer) != null) mounts.add(mount("redis-ca", REDIS_CA));
        if (tokenizer.getSpec().tls() != null) mounts.add(mount("tls", TLS));
        if (hasIssuerCas(tokenizer)) mounts.add(mount("issuer-cas", ISSUER_CAS));
        if (!tokenizer.getSpec().auth().applications().isEmpty()) mounts.add(mount("cluster", CLUSTER));
        return mounts;
    }

    /** The mounts of every program that reads records. */
    public static List<VolumeMount> recordsMounts(Tokenizer tokenizer) {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(mount("settings", SETTINGS));
        mounts.add(mount("keyring", KEYRING));
        if (tokenizer.getSpec().storage().credentials() != null) mounts.add(mount("storage", STORAGE));
        if (tokenizer.getSpec().storage().trustedCA() != null) mounts.add(mount("ca", CA));
        mounts.add(writable("tmp", "/tmp"));
        return mounts;
    }

    static List<Volume> of(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        List<Volume> volumes = new ArrayList<>(records(tokenizer));
        ExternalRedis redis = tokenizer.getSpec().grants().redis().external();
        volumes.add(
                redis == null
                        ? secret("redis", names.redis(), file(RedisSecret.URL, RedisSecret.URL))
                        : secret("redis", redis.secretName(), file(redis.key(), RedisSecret.URL)));
        ConfigMapKey redisCa = redisCa(tokenizer);
        if (redisCa != null) volumes.add(configMap("redis-ca", redisCa.configMapName(), redisCa.key()));
        TlsSpec tls = tokenizer.getSpec().tls();
        if (tls != null)
            volumes.add(
                    secret("tls", tls.secretName(), file(TLS_CERTIFICATE, TLS_CERTIFICATE), file(TLS_KEY, TLS_KEY)));
        if (hasIssuerCas(tokenizer)) volumes.add(issuerCas(tokenizer));
        if (!tokenizer.getSpec().auth().applications().isEmpty()) volumes.add(cluster());
        return volumes;
    }

    /** The volumes of every program that reads records. */
    public static List<Volume> records(Tokenizer tokenizer) {
        Names names = Names.of(tokenizer);
        List<Volume> volumes = new ArrayList<>();
        volumes.add(configMap("settings", names.settings(), SettingsConfigMap.KEY));
        volumes.add(new VolumeBuilder()
                .withName("keyring")
                .withNewSecret()
                .withSecretName(names.keyring())
                .withDefaultMode(SECRET_MODE)
                .endSecret()
                .build());
        SecretName credentials = tokenizer.getSpec().storage().credentials();
        if (credentials != null) {
            volumes.add(secret(
                    "storage",
                    credentials.secretName(),
                    file(ACCESS_KEY_ID, ACCESS_KEY_ID),
                    file(SECRET_ACCESS_KEY, SECRET_ACCESS_KEY)));
        }
        ConfigMapKey ca = tokenizer.getSpec().storage().trustedCA();
        if (ca != null) volumes.add(configMap("ca", ca.configMapName(), ca.key()));
        volumes.add(temporary("tmp", "64Mi"));
        return volumes;
    }

    /** The certificate authority of an external Redis; null if the resource names none. */
    static @Nullable ConfigMapKey redisCa(Tokenizer tokenizer) {
        ExternalRedis redis = tokenizer.getSpec().grants().redis().external();
        return redis == null ? null : redis.trustedCA();
    }

    /** Whether an issuer has certificate authorities of its own. */
    static boolean hasIssuerCas(Tokenizer tokenizer) {
        return tokenizer.getSpec().auth().issuers().stream().anyMatch(issuer -> issuer.trustedCA() != null);
    }

    private static Volume issuerCas(Tokenizer tokenizer) {
        List<VolumeProjection> files = new ArrayList<>();
        for (IssuerSpec issuer : tokenizer.getSpec().auth().issuers()) {
            ConfigMapKey ca = issuer.trustedCA();
            if (ca == null) continue;
            files.add(new VolumeProjectionBuilder()
                    .withNewConfigMap()
                    .withName(ca.configMapName())
                    .addToItems(file(ca.key(), MountedFiles.issuerCA(issuer.name())))
                    .endConfigMap()
                    .build());
        }
        return new VolumeBuilder()
                .withName("issuer-cas")
                .withNewProjected()
                .withDefaultMode(FILE_MODE)
                .withSources(files)
                .endProjected()
                .build();
    }

    /**
     * Access to the API server, which publishes the keys that ServiceAccount tokens are signed with. The token is that
     * of the pod's ServiceAccount and has all its permissions.
     */
    private static Volume cluster() {
        return new VolumeBuilder()
                .withName("cluster")
                .withNewProjected()
                .withDefaultMode(SECRET_MODE)
                .addNewSource()
                .withNewServiceAccountToken()
                .withPath(CLUSTER_TOKEN)
                .withExpirationSeconds(TOKEN_SECONDS)
                .endServiceAccountToken()
                .endSource()
                .addNewSource()
                .withNewConfigMap()
                .withName(ROOT_CA)
                .addToItems(file(CLUSTER_CA, CLUSTER_CA))
                .endConfigMap()
                .endSource()
                .endProjected()
                .build();
    }

    private static Volume secret(String name, String secret, KeyToPath... items) {
        return new VolumeBuilder()
                .withName(name)
                .withNewSecret()
                .withSecretName(secret)
                .withDefaultMode(SECRET_MODE)
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
