package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.StorageSpec;
import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.api.v1alpha1.TokenizerStatus;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.dependent.tokenizer.SettingsMapper;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.keyring.KeyringState.SecretContent;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Observes the bucket of a vault: what the resource and the keyring say about it, and what the store answers. */
final class BucketObserver {
    private static final BucketStatus KEYRING_UNREADABLE = BucketStatus.no(
            "KeyringUnreadable",
            "The operator cannot prove whose bucket it is without a readable keyring; see the condition KeysReady.");

    private final BucketProvisioner buckets;
    private final ClusterId cluster = new ClusterId();

    BucketObserver(BucketProvisioner buckets) {
        this.buckets = buckets;
    }

    /**
     * The bucket as it is now.
     *
     * @param records the records by share; unknown while the bucket is not usable
     * @param pinned whether the keyring pins the location that the resource names
     */
    record Observed(BucketStatus status, RecordsOfShare records, boolean pinned) {}

    /** Observes the bucket; settings that differ are applied. */
    Observed observe(
            Tokenizer tokenizer,
            KubernetesClient client,
            ReferencedSecrets references,
            Optional<SecretContent> secret,
            KeyringState keyring,
            Instant now) {
        if (keyring instanceof KeyringState.Unreadable)
            return new Observed(KEYRING_UNREADABLE, RecordsOfShare.unknown(), false);
        BucketClaim claim = claim(tokenizer, client, secret, keyring);
        try {
            BucketSpec bucket = spec(tokenizer, references);
            BucketStatus status = buckets.reconcile(bucket, claim, tried(tokenizer), now);
            // Without a keyring the listing decides whether the operator creates one.
            boolean listed = status.ready() || (claim.keyring() == null && status.isAboutContents());
            return new Observed(
                    status, listed ? buckets.records(bucket, claim) : RecordsOfShare.unknown(), claim.isPinnedHere());
        } catch (ReferencedSecrets.Missing e) {
            return new Observed(
                    BucketStatus.no(e.verdict().reason(), e.verdict().message()),
                    RecordsOfShare.unknown(),
                    claim.isPinnedHere());
        }
    }

    /** What the vault says about its bucket. */
    BucketClaim claim(
            Tokenizer tokenizer, KubernetesClient client, Optional<SecretContent> secret, KeyringState keyring) {
        Names names = Names.of(tokenizer);
        return new BucketClaim(
                location(tokenizer),
                cluster.of(client),
                names.namespace(),
                names.vault(),
                keyring instanceof KeyringState.Present present
                        ? new BucketClaim.Keyring(
                                secret.orElseThrow().data().getOrDefault(KeyringFiles.LOOKUP, ""), present.binding())
                        : null);
    }

    String cluster(KubernetesClient client) {
        return cluster.of(client);
    }

    /** The location that a resource names. */
    static BucketLocation location(Tokenizer tokenizer) {
        StorageSpec storage = tokenizer.getSpec().storage();
        return BucketLocation.of(
                endpoint(storage),
                publicEndpoint(storage),
                storage.region(),
                storage.bucket(),
                storage.pathStyleAccess());
    }

    /** The bucket of a resource. */
    static BucketSpec spec(Tokenizer tokenizer, ReferencedSecrets references) throws ReferencedSecrets.Missing {
        StorageSpec storage = tokenizer.getSpec().storage();
        return new BucketSpec(
                storage.bucket(),
                storage.region(),
                endpoint(storage),
                publicEndpoint(storage),
                storage.pathStyleAccess(),
                BucketSpec.Provisioning.valueOf(storage.provisioning().name()),
                references.credentials(),
                references.trustedCa(),
                tokenizer.getSpec().frame().origin(),
                Names.of(tokenizer).qualified());
    }

    private static @Nullable URI endpoint(StorageSpec storage) {
        return SettingsMapper.uri("storage.endpoint", storage.endpoint());
    }

    private static @Nullable URI publicEndpoint(StorageSpec storage) {
        return SettingsMapper.uri("storage.publicEndpoint", storage.publicEndpoint());
    }

    /** When the operator wrote settings in vain, according to the present status. */
    private static Map<String, Instant> tried(Tokenizer tokenizer) {
        Map<String, Instant> tried = new HashMap<>();
        Optional.ofNullable(tokenizer.getStatus())
                .map(TokenizerStatus::storage)
                .map(TokenizerStatus.StorageStatus::settings)
                .orElse(List.of())
                .forEach(setting -> {
                    if (setting.tried() != null) tried.put(setting.name(), Instant.parse(setting.tried()));
                });
        return tried;
    }
}
