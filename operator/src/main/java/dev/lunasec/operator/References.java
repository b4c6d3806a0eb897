package dev.lunasec.operator;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerSpec.ConfigMapKey;
import dev.lunasec.api.v1alpha1.TokenizerSpec.ExternalRedis;
import dev.lunasec.api.v1alpha1.TokenizerSpec.SecretName;
import dev.lunasec.operator.bucket.BucketSpec.Credentials;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the Secrets and ConfigMaps that a resource names, at the moment they are needed. */
final class References {
    /** Something that the resource names is not there; the verdict says what. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Verdict verdict;

        private Missing(Verdict verdict) {
            super(verdict.message());
            this.verdict = verdict;
        }

        Verdict verdict() {
            return verdict;
        }
    }

    private final KubernetesClient client;

    References(KubernetesClient client) {
        this.client = client;
    }

    /** The keys for the store; null for the identity of the process. */
    @Nullable
    Credentials credentials(Tokenizer tokenizer) throws Missing {
        SecretName named = tokenizer.getSpec().storage().credentials();
        if (named == null) return null;
        return new Credentials(
                secret(tokenizer, named.secretName(), "accessKeyId"),
                secret(tokenizer, named.secretName(), "secretAccessKey"));
    }

    /** The authority of the store in PEM; null for the public ones. */
    @Nullable
    String trustedCa(Tokenizer tokenizer) throws Missing {
        ConfigMapKey named = tokenizer.getSpec().storage().trustedCA();
        if (named == null) return null;
        ConfigMap configMap = client.configMaps()
                .inNamespace(tokenizer.getMetadata().getNamespace())
                .withName(named.configMapName())
                .get();
        if (configMap == null) throw new Missing(missing("ConfigMap", named.configMapName()));
        Map<String, String> data = configMap.getData();
        String pem = data == null ? null : data.get(named.key());
        if (pem == null || pem.isBlank())
            throw new Missing(incomplete("ConfigMap", named.configMapName(), named.key()));
        return pem;
    }

    /** Whether the URL of an external Redis is there. */
    Verdict externalRedis(Tokenizer tokenizer) {
        ExternalRedis named = tokenizer.getSpec().grants().redis().external();
        if (named == null) return Verdict.yes("Managed", "The operator runs Redis.");
        try {
            String url = secret(tokenizer, named.secretName(), named.key());
            if (url.strip().matches("rediss?://\\S+")) {
                return Verdict.yes("ExternalRedis", "The Secret " + named.secretName() + " says where Redis is.");
            }
            return Verdict.no(
                    "RedisUrlInvalid",
                    "The key " + named.key() + " of the Secret " + named.secretName()
                            + " is no Redis URL; write one like rediss://user:password@redis.example.com:6380.");
        } catch (Missing e) {
            return e.verdict();
        }
    }

    private String secret(Tokenizer tokenizer, String name, String key) throws Missing {
        Secret secret = client.secrets()
                .inNamespace(tokenizer.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (secret == null) throw new Missing(missing("Secret", name));
        String value = secret.getData() == null ? null : secret.getData().get(key);
        if (value == null || value.isEmpty()) throw new Missing(incomplete("Secret", name, key));
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8).strip();
    }

    private static Verdict missing(String kind, String name) {
        return Verdict.no(
                kind + "Missing", "The " + kind + " " + name + " does not exist; create it in this namespace.");
    }

    private static Verdict incomplete(String kind, String name, String key) {
        return Verdict.no(kind + "Incomplete", "The " + kind + " " + name + " has no key " + key + "; add it.");
    }
}
