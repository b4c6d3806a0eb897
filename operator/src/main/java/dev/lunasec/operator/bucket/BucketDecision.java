package dev.lunasec.operator.bucket;

import dev.lunasec.contract.Binding;
import dev.lunasec.operator.bucket.BucketClaim.Keyring;
import dev.lunasec.s3.IdentityProof.Absent;
import dev.lunasec.s3.IdentityProof.Foreign;
import dev.lunasec.s3.IdentityProof.NoBucket;
import dev.lunasec.s3.IdentityProof.Proven;
import dev.lunasec.s3.IdentityProof.Result;
import dev.lunasec.s3.IdentityProof.Unknown;
import dev.lunasec.s3.StoreStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides whether a vault may use a bucket, from what the keyring pins and what the bucket says. A pure function. */
public sealed interface BucketDecision {
    /** The bucket is proven to be the vault's. For a vault without a keyring: the bucket is empty. */
    record Use() implements BucketDecision {}

    /** The operator writes the identity of the vault. */
    record PutIdentity() implements BucketDecision {}

    /**
     * The identity of the vault is alone in the bucket. A later pass binds the vault.
     *
     * @param isNew whether there is no record yet, so that the start markers of the first share are older than every
     *     record
     */
    record AwaitBinding(boolean isNew) implements BucketDecision {}

    /** Two vaults wrote their identity. This one, which is not bound, deletes its own. */
    record TakeBack(BucketStatus why) implements BucketDecision {}

    /** The vault cannot use the bucket. */
    record Refuse(BucketStatus why) implements BucketDecision {}

    /**
     * Decides about a bucket at the location that the resource names.
     *
     * @param identity what the bucket says about its vault; {@link Absent} for a vault without a keyring
     * @param contents lists the bucket; called only if the decision needs it
     */
    static BucketDecision of(BucketClaim claim, Result identity, Supplier<BucketContents> contents) {
        Optional<BucketStatus> elsewhere = pinnedElsewhere(claim);
        if (elsewhere.isPresent()) return refuse(elsewhere.get());
        if (identity instanceof Unknown unknown) return refuse(BucketStatus.of(unknown.status(), List.of()));
        Keyring keyring = claim.keyring();
        if (keyring == null) return withoutKeyring(contents.get());
        if (identity instanceof NoBucket) {
            return refuse(
                    claim.isNew()
                            ? BucketStatus.of(StoreStatus.BucketMissing, List.of())
                            : BucketRefusals.boundBucketMissing(claim));
        }
        if (identity instanceof Foreign foreign) return foreign(claim, keyring, foreign);
        if (identity instanceof Proven proven) {
            boolean own = claim.owns(proven.identity());
            return switch (keyring.binding()) {
                case Binding.Bound bound -> own ? new Use() : refuse(BucketRefusals.ownedBy(proven.identity()));
                case Binding.Unbound unbound ->
                    own ? new AwaitBinding(true) : refuse(BucketRefusals.ownedBy(proven.identity()));
                // The person who removed the location takes the bucket over, also from another cluster.
                case Binding.Released released -> own ? new AwaitBinding(false) : new PutIdentity();
            };
        }
        return switch (keyring.binding()) {
            case Binding.Bound bound -> refuse(BucketRefusals.identityMissing(keyring));
            case Binding.Released released -> refuse(BucketRefusals.nothingToBind(keyring));
            case Binding.Unbound unbound ->
                contents.get() == BucketContents.EMPTY ? new PutIdentity() : refuse(BucketRefusals.NOT_EMPTY);
        };
    }

    /** Why the location gets no request at all; empty if the keyring pins no other one. */
    static Optional<BucketStatus> pinnedElsewhere(BucketClaim claim) {
        return claim.pinnedElsewhere().map(BucketRefusals::pinnedElsewhere);
    }

    private static BucketDecision withoutKeyring(BucketContents contents) {
        return switch (contents) {
            case EMPTY -> new Use();
            case VAULT -> refuse(BucketRefusals.KEYRING_MISSING);
            case FOREIGN -> refuse(BucketRefusals.NOT_EMPTY);
        };
    }

    private static BucketDecision foreign(BucketClaim claim, Keyring keyring, Foreign foreign) {
        BucketStatus why = BucketRefusals.foreign(keyring, foreign);
        boolean both =
                foreign.ids().size() > 1 && foreign.ids().contains(keyring.id().text());
        return claim.isNew() && both ? new TakeBack(why) : new Refuse(why);
    }

    private static BucketDecision refuse(BucketStatus why) {
        return new Refuse(why);
    }
}
