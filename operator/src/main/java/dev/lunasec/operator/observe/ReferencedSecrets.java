package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.GrantsSpec.ExternalRedis;
import dev.lunasec.api.v1alpha1.IssuerSpec;
import dev.lunasec.api.v1alpha1.SecretName;
import dev.lunasec.api.v1alpha1.TlsSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.contract.RedisUrl;
import dev.lunasec.operator.bucket.BucketSpec.Credentials;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets and ConfigMaps that a resource names. The constructor reads all of them, so that a missing one
 * hides no problem of the others.
 */
public final class ReferencedSecrets {
    /** Something that the resource names does not exist; the verdict says what. */
    public static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Verdict verdict;

        Missing(Verdict verdict) {
            super(verdict.message());
            this.verdict = verdict;
        }

        Verdict verdict() {
            return verdict;
        }
    }

    private final Reference<Credentials> credentials;
    private final Reference<String> trustedCa;
    private final VaultObservation.Redis redis;
    private final Verdict tls;
    private final ReferenceHash.Content content;

    /**
     * @param ownIdentity whether the operator may use its own cloud identity where the resource names no credentials
     */
    ReferencedSecrets(KubernetesClient client, Tokenizer tokenizer, boolean ownIdentity) {
        ReferenceReader reader =
                new ReferenceReader(client, tokenizer.getMetadata().getNamespace());
        credentials = Reference.read(() -> credentials(tokenizer, ownIdentity, reader));
        trustedCa = Reference.read(
                () -> reader.configMap(tokenizer.getSpec().storage().trustedCA()));
        redis = redis(tokenizer, reader);
        tls = tls(tokenizer, reader);
        content = reader.content();
    }

    /** The keys for the store; null for the operator's own identity. */
    @Nullable
    Credentials credentials() throws Missing {
        return credentials.orThrow();
    }

    /** The certificate authority of the store, PEM; null for the public ones. */
    @Nullable
    String trustedCa() throws Missing {
        return trustedCa.orThrow();
    }

    /** The Redis that holds the grants. */
    VaultObservation.Redis redis() {
        return redis;
    }

    /**
     * Whether the Secret with the certificate and the ConfigMaps with the authorities of issuers exist. Pods reload
     * them, so they are not part of the {@link #content}.
     */
    Verdict tls() {
        return tls;
    }

    /** What pods read once. */
    ReferenceHash.Content content() {
        return content;
    }

    private static @Nullable Credentials credentials(Tokenizer tokenizer, boolean ownIdentity, ReferenceReader reader)
            throws Missing {
        SecretName named = tokenizer.getSpec().storage().credentials();
        if (named == null && !ownIdentity) {
            throw new Missing(Verdict.no(
                    "CredentialsMissing",
                    "The resource names no credentials, and this operator does not use its own identity for stores;"
                            + " name a Secret in storage.credentials, or install the operator with allowOwnIdentity."));
        }
        if (named == null) return null;
        return new Credentials(
                reader.secret(named.secretName(), MountedFiles.ACCESS_KEY_ID),
                reader.secret(named.secretName(), MountedFiles.SECRET_ACCESS_KEY));
    }

    private static VaultObservation.Redis redis(Tokenizer tokenizer, ReferenceReader reader) {
        ExternalRedis named = tokenizer.getSpec().grants().redis().external();
        if (named == null) return managedRedis(tokenizer, reader);
        Reference<String> ca = Reference.read(() -> reader.configMap(named.trustedCA()));
        try {
            RedisUrl url = RedisUrl.parse(reader.secret(named.secretName(), named.key()), ca.orThrow());
            Verdict verdict = Verdict.yes(
                    "ExternalRedis",
                    "The Secret " + named.secretName()
                            + " names the Redis. Only the pods connect to it:"
                            + " if it does not answer, Available says so.");
            return new VaultObservation.Redis(verdict, url.ports(), url.tls());
        } catch (Missing e) {
            return unknownRedis(e.verdict());
        } catch (InvalidSettings e) {
            return unknownRedis(Verdict.no(
                    "RedisUrlInvalid",
                    "The key " + named.key() + " of the Secret " + named.secretName() + " cannot be used. "
                            + e.getMessage()));
        }
    }

    private static VaultObservation.Redis unknownRedis(Verdict verdict) {
        return new VaultObservation.Redis(verdict, Collections.emptySortedSet(), false);
    }

    /** If the Secret of the managed Redis is missing, this pass creates it with another password. */
    private static VaultObservation.Redis managedRedis(Tokenizer tokenizer, ReferenceReader reader) {
        Reference.read(() -> reader.secret(Names.of(tokenizer).redis(), "url"));
        return new VaultObservation.Redis(
                Verdict.yes("Managed", "The operator runs Redis."), Collections.emptySortedSet(), false);
    }

    private static Verdict tls(Tokenizer tokenizer, ReferenceReader reader) {
        for (IssuerSpec issuer : tokenizer.getSpec().auth().issuers()) {
            try {
                reader.reloaded(issuer.trustedCA());
            } catch (Missing e) {
                return e.verdict();
            }
        }
        TlsSpec named = tokenizer.getSpec().tls();
        if (named == null) return Verdict.yes("PlainHTTP", "The tokenizer serves HTTP.");
        try {
            reader.reloaded(named.secretName(), MountedFiles.TLS_CERTIFICATE);
            reader.reloaded(named.secretName(), MountedFiles.TLS_KEY);
            return Verdict.yes("TLS", "The tokenizer serves HTTPS.");
        } catch (Missing e) {
            return e.verdict();
        }
    }

    /** What was read, or what is missing. */
    private record Reference<T>(@Nullable T value, @Nullable Missing missing) {
        /** Reads a value. */
        private interface Read<T> {
            @Nullable
            T read() throws Missing;
        }

        private static <T> Reference<T> read(Read<T> read) {
            try {
                return new Reference<>(read.read(), null);
            } catch (Missing e) {
                return new Reference<>(null, e);
            }
        }

        private @Nullable T orThrow() throws Missing {
            if (missing != null) throw missing;
            return value;
        }
    }
}
