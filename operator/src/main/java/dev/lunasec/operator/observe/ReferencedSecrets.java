package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.ConfigMapKey;
import dev.lunasec.api.v1alpha1.GrantsSpec.ExternalRedis;
import dev.lunasec.api.v1alpha1.SecretName;
import dev.lunasec.api.v1alpha1.TlsSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.operator.bucket.BucketSpec.Credentials;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Reads the Secrets and ConfigMaps that a resource names, and remembers for one pass what the pods will read of them. */
public final class ReferencedSecrets {
    /** Something that the resource names is not there; the verdict says what. */
    public static final class Missing extends Exception {
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

    private static final int MAC_BYTES = 8;
    private static final int REDIS_PORT = 6379;
    private static final Pattern REDIS_URL =
            Pattern.compile("rediss?://([^@\\s]*@)?[^@:/\\s]+(:(?<port>[0-9]{1,5}))?(/\\S*)?");

    private final KubernetesClient client;
    private final Tokenizer tokenizer;
    private final boolean ownIdentity;
    private final SortedMap<String, String> read = new TreeMap<>();

    /** @param ownIdentity whether the operator may go to the store as itself where the resource names no keys */
    ReferencedSecrets(KubernetesClient client, Tokenizer tokenizer, boolean ownIdentity) {
        this.client = client;
        this.tokenizer = tokenizer;
        this.ownIdentity = ownIdentity;
    }

    /** The keys for the store; null for the identity of the process, which else everybody who writes a resource would borrow. */
    @Nullable
    Credentials credentials() throws Missing {
        SecretName named = tokenizer.getSpec().storage().credentials();
        if (named == null && !ownIdentity) {
            throw new Missing(Verdict.no(
                    "CredentialsMissing",
                    "This operator does not go to stores as itself; name a Secret in storage.credentials, or have the operator"
                            + " installed with allowOwnIdentity."));
        }
        if (named == null) return null;
        return new Credentials(
                secret(named.secretName(), MountedFiles.ACCESS_KEY_ID),
                secret(named.secretName(), MountedFiles.SECRET_ACCESS_KEY));
    }

    /** The authority of the store in PEM; null for the public ones. */
    @Nullable
    String trustedCa() throws Missing {
        return pem(tokenizer.getSpec().storage().trustedCA());
    }

    /** The Redis that holds the grants. */
    VaultObservation.Redis redis() {
        ExternalRedis named = tokenizer.getSpec().grants().redis().external();
        if (named == null) {
            readManaged();
            return new VaultObservation.Redis(Verdict.yes("Managed", "The operator runs Redis."), REDIS_PORT);
        }
        try {
            Matcher url = REDIS_URL.matcher(secret(named.secretName(), named.key()));
            pem(named.trustedCA());
            int port =
                    !url.matches() ? 0 : url.group("port") == null ? REDIS_PORT : Integer.parseInt(url.group("port"));
            if (port < 1 || port > 65535) {
                return new VaultObservation.Redis(
                        Verdict.no(
                                "RedisUrlInvalid",
                                "The key " + named.key() + " of the Secret " + named.secretName()
                                        + " is no Redis URL; write one like rediss://user:password@redis.example.com:6380."),
                        REDIS_PORT);
            }
            return new VaultObservation.Redis(
                    Verdict.yes(
                            "ExternalRedis",
                            "The Secret " + named.secretName()
                                    + " says where Redis is; whether it answers is found out by the pods: see Available."),
                    port);
        } catch (Missing e) {
            return new VaultObservation.Redis(e.verdict(), REDIS_PORT);
        }
    }

    /** The password of a managed Redis is made when it is missing, and is then another one. */
    private void readManaged() {
        Secret secret = client.secrets()
                .inNamespace(tokenizer.getMetadata().getNamespace())
                .withName(Names.of(tokenizer).redis())
                .get();
        if (secret != null && secret.getData() != null) {
            read.put("secret/redis/url", String.valueOf(secret.getData().get("url")));
        }
    }

    /** Whether there is a certificate to serve with; the pods follow its renewal by themselves. */
    Verdict tls() {
        TlsSpec named = tokenizer.getSpec().tls();
        if (named == null) return Verdict.yes("PlainHTTP", "The tokenizer serves HTTP.");
        try {
            data(named.secretName(), MountedFiles.TLS_CERTIFICATE);
            data(named.secretName(), MountedFiles.TLS_KEY);
            return Verdict.yes("TLS", "The tokenizer serves HTTPS.");
        } catch (Missing e) {
            return e.verdict();
        }
    }

    /**
     * Stands for all that was read so far, in the pods' annotation: when it changes they are replaced. It tells nothing of a password,
     * because it is made with a key.
     *
     * @param key nobody but the operator and the pods knows it
     * @return 16 hex digits
     */
    String fingerprint(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update("lunasec.dev/references/v1".getBytes(StandardCharsets.UTF_8));
            read.forEach((name, value) -> {
                for (String part : List.of(name, value)) {
                    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                    mac.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
                    mac.update(bytes);
                }
            });
            return HexFormat.of().formatHex(mac.doFinal(), 0, MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    private @Nullable String pem(@Nullable ConfigMapKey named) throws Missing {
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
        read.put("configmap/" + named.configMapName() + "/" + named.key(), pem);
        return pem;
    }

    private String secret(String name, String key) throws Missing {
        String value = data(name, key);
        read.put("secret/" + name + "/" + key, value);
        return value;
    }

    private String data(String name, String key) throws Missing {
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
