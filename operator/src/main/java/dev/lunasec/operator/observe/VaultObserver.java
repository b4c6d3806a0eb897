package dev.lunasec.operator.observe;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.BucketProvisioner;
import dev.lunasec.operator.bucket.s3.RecordsOfShare;
import dev.lunasec.operator.dependent.KeyringSecrets;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.keyring.RecordPresence;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultDefaults;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.rotation.RotationState;
import dev.lunasec.operator.status.Verdict;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Observes what a pass needs and the caches do not show: the bucket, the references of the resource, and the keyring.
 */
public final class VaultObserver {
    private final VaultDefaults defaults;
    private final BucketObserver buckets;

    public VaultObserver(VaultDefaults defaults, BucketProvisioner buckets) {
        this.defaults = defaults;
        this.buckets = new BucketObserver(buckets);
    }

    /**
     * Observes a vault. Nothing in the cluster changes; settings of the bucket that differ are applied.
     *
     * @param clock the operator's own, which is only compared with the others
     */
    public VaultObservation observe(Tokenizer tokenizer, Context<Tokenizer> context, Clock clock) {
        KubernetesClient client = context.getClient();
        Instant now = ApiServerClock.now(client);
        Duration ahead = Duration.between(clock.instant(), now);
        ReferencedSecrets references = new ReferencedSecrets(client, tokenizer, defaults.ownIdentity());
        Optional<KeyringState.SecretContent> secret = new KeyringSecrets(tokenizer, client).keyring();
        String name = Names.of(tokenizer).keyring();
        // Without a Secret the listing of the bucket decides, which comes next.
        KeyringState stored = KeyringState.of(name, secret, () -> RecordPresence.UNKNOWN);
        BucketObserver.Observed bucket = buckets.observe(tokenizer, client, references, secret, stored, now);
        BucketStatus status = bucket.status();
        RecordsOfShare byShare = bucket.records();
        VaultObservation.Redis redis = references.redis();
        Optional<Integer> highest = byShare.highest();
        KeyringState keyring =
                secret.isPresent() ? upToDate(stored, tokenizer, highest) : KeyringState.of(name, secret, byShare::any);
        RotationState rotation = null;
        // A keyring that is being deleted has to be copied as it is.
        if (keyring instanceof KeyringState.Present present && !present.beingDeleted()) {
            VaultId vault = VaultId.of(secret.orElseThrow().lookup());
            try {
                rotation = new RotationObserver(tokenizer, defaults, client)
                        .observe(present.keyring(), vault, byShare, highest.isPresent(), now, ahead, clock);
            } catch (KeyringIndex.Unreadable e) {
                keyring = new KeyringState.RetiredUnusable(String.valueOf(e.getMessage()));
            }
        }
        ReferenceHash.Content content = references.content();
        String hash = keyring instanceof KeyringState.Present
                ? ReferenceHash.next(content, secret.orElseThrow().lookup(), lastHash(context))
                : "";
        boolean everyPodHasReferences =
                content.complete() && RolloutObserver.everyPodHas(Annotations.REFERENCES, hash, tokenizer, context);
        return new VaultObservation(
                defaults,
                status.ready()
                        ? Verdict.yes(status.reason(), status.message())
                        : Verdict.no(status.reason(), status.message()),
                status,
                bucket.pinned(),
                redis,
                references.tls(),
                keyring,
                hash,
                everyPodHasReferences,
                rotation,
                byShare,
                now);
    }

    /** The hash of the references that the Deployment has; null if there is no Deployment. */
    private static @Nullable String lastHash(Context<Tokenizer> context) {
        return context.getSecondaryResource(Deployment.class)
                .map(deployment -> RolloutObserver.annotation(Annotations.REFERENCES, deployment))
                .orElse(null);
    }

    /** A keyring from an old backup lacks shares that records use, and would give their numbers to new shares. */
    private static KeyringState upToDate(KeyringState keyring, Tokenizer tokenizer, Optional<Integer> highest) {
        if (!(keyring instanceof KeyringState.Present present)) return keyring;
        return highest.filter(share -> share > present.keyring().newest())
                .<KeyringState>map(
                        share -> new KeyringState.Outdated(Names.of(tokenizer).keyring(), share))
                .orElse(keyring);
    }

    /** The bucket of a resource, for its deletion. */
    public BucketSpec bucket(Tokenizer tokenizer, KubernetesClient client) throws ReferencedSecrets.Missing {
        return BucketObserver.spec(tokenizer, new ReferencedSecrets(client, tokenizer, defaults.ownIdentity()));
    }

    /** What a vault says about its bucket, for its deletion. */
    public BucketClaim claim(
            Tokenizer tokenizer,
            KubernetesClient client,
            Optional<KeyringState.SecretContent> secret,
            KeyringState keyring) {
        return buckets.claim(tokenizer, client, secret, keyring);
    }

    /** The uid of the namespace {@code kube-system}, by which clusters are told apart. */
    public String cluster(KubernetesClient client) {
        return buckets.cluster(client);
    }

    /** The location of the bucket that a resource names. */
    public static BucketLocation location(Tokenizer tokenizer) {
        return BucketObserver.location(tokenizer);
    }
}
