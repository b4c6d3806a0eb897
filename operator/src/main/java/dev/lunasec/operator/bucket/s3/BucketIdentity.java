package dev.lunasec.operator.bucket.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketClaim.Keyring;
import dev.lunasec.operator.bucket.BucketContents;
import dev.lunasec.operator.bucket.BucketDecision;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.StorageFailed;
import dev.lunasec.operator.keyring.KeyringChanges;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.NameDeletion;
import dev.lunasec.s3.NameRemains;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Asks whose bucket it is. Each answer comes from the store; nothing is remembered but the time since when an identity
 * is seen.
 */
final class BucketIdentity {
    private static final Logger log = LoggerFactory.getLogger(BucketIdentity.class);

    private final S3Client s3;
    private final String bucket;
    private final BucketClaim claim;

    BucketIdentity(S3Client s3, String bucket, BucketClaim claim) {
        this.s3 = s3;
        this.bucket = bucket;
        this.claim = claim;
    }

    /** Decides about the bucket as it is now. */
    BucketDecision decide() {
        Keyring keyring = claim.keyring();
        IdentityProof.Result identity =
                keyring == null || claim.pinnedElsewhere().isPresent()
                        ? new IdentityProof.Absent()
                        : proof(keyring).read();
        return BucketDecision.of(
                claim, identity, () -> new BucketListing(s3, bucket).contents(keyring == null ? null : keyring.id()));
    }

    /** Whether the bucket is proven to be the vault's, at the location that the keyring pins. */
    boolean isProven() {
        return claim.isPinnedHere() && decide() instanceof BucketDecision.Use;
    }

    /**
     * Lets only a bucket pass that is proven to be the vault's.
     *
     * @throws StorageFailed if that is not proven; the message says why
     */
    void requireProven() throws StorageFailed {
        BucketDecision decision = decide();
        if (claim.isPinnedHere() && decision instanceof BucketDecision.Use) return;
        String why = decision instanceof BucketDecision.Refuse refuse
                ? " " + refuse.why().reason() + ": " + refuse.why().message()
                : "";
        throw new StorageFailed("The bucket is not proven to be this vault's, so the operator deletes nothing." + why);
    }

    /** Whether the bucket holds nothing but objects of the canary, and old versions of the identity. */
    boolean isGoneWithEverything() {
        Keyring keyring = claim.keyring();
        return new BucketListing(s3, bucket).contents(keyring == null ? null : keyring.id()) == BucketContents.EMPTY;
    }

    /**
     * Does what the decision asks for.
     *
     * @param settings checks the store and writes the settings of the bucket, before the identity is written into it
     * @param delay how long an identity must stand alone before the vault is bound
     * @return why the vault cannot use the bucket; empty if it can
     */
    Optional<BucketStatus> ensure(Supplier<BucketStatus> settings, BucketCheck check, Duration delay, Instant now) {
        BucketDecision decision = decide();
        if (decision instanceof BucketDecision.PutIdentity) {
            BucketStatus store = settings.get();
            if (!store.ready()) return Optional.of(store);
            // The check of the store takes a while, in which another vault may have written its identity.
            decision = decide();
        }
        return switch (decision) {
            case BucketDecision.Use use -> Optional.empty();
            case BucketDecision.Refuse refuse -> Optional.of(refuse.why());
            case BucketDecision.AwaitBinding await -> {
                Keyring keyring = Objects.requireNonNull(claim.keyring());
                Duration due = check.identityDue(delay);
                if (due.isZero() && await.isNew()) starts(keyring).put(KeyringChanges.FIRST_SHARE);
                yield Optional.of(BucketStatus.binding(due));
            }
            case BucketDecision.PutIdentity put -> {
                Keyring keyring = Objects.requireNonNull(claim.keyring());
                proof(keyring).put(claim.identity(keyring.id(), now));
                log.info("bucket {}: the identity of {}/{} is written", bucket, claim.namespace(), claim.name());
                yield Optional.of(BucketStatus.binding(check.identityDue(delay)));
            }
            case BucketDecision.TakeBack takeBack -> {
                Keyring keyring = Objects.requireNonNull(claim.keyring());
                takeBack(keyring);
                yield Optional.of(takeBack.why());
            }
        };
    }

    /** With all versions, because another vault would see an old one and take the bucket for one in use. */
    private void takeBack(Keyring keyring) {
        try {
            starts(keyring).delete(KeyringChanges.FIRST_SHARE);
            new NameDeletion(s3, bucket).delete(BucketLayout.vault(keyring.id()));
            log.warn("bucket {}: another vault wrote its identity too; the own one is deleted", bucket);
        } catch (NameRemains e) {
            log.warn("bucket {}: another vault wrote its identity too; the own one stays: {}", bucket, e.getMessage());
        }
    }

    private StartMarkers starts(Keyring keyring) {
        return new StartMarkers(s3, bucket, keyring.id());
    }

    private IdentityProof proof(Keyring keyring) {
        return new IdentityProof(s3, bucket, keyring.lookup());
    }
}
