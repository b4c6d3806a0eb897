package dev.lunasec.operator.bucket;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.contract.VaultIdentity;
import dev.lunasec.operator.bucket.BucketClaim.Keyring;
import dev.lunasec.s3.IdentityProof.Foreign;
import java.util.List;

/** Why a vault cannot use a bucket: reason and sentence of each case. */
final class BucketRefusals {
    /** The bucket is another vault's, or not the one that the keyring pins. */
    static final String WRONG_BUCKET = "WrongBucket";

    private static final String UNTIL_THEN = " Until then the operator rolls nothing out and destroys no key.";

    private static final String NO_NEW_PODS =
            " Until then the operator creates no pods for a vault that has none, and destroys no key.";

    static final BucketStatus NOT_EMPTY = BucketStatus.no(
            "BucketNotOwned",
            "The bucket holds objects that this vault has not written. Choose an empty bucket for a new vault.");

    static final BucketStatus KEYRING_MISSING = BucketStatus.no(
            "KeyringMissing",
            "The bucket holds the data of a vault, and this vault has no keyring; if it is the bucket of another vault,"
                    + " create the Tokenizer with another storage.bucket, else see the condition KeysReady.");

    private BucketRefusals() {}

    static BucketStatus pinnedElsewhere(BucketLocation pinned) {
        return BucketStatus.no(
                WRONG_BUCKET,
                "spec.storage names another location than the keyring pins, which is " + pinned.write()
                        + ". Restore spec.storage."
                        + " Or, to move the vault to the location in spec.storage, remove the key "
                        + KeyringFiles.LOCATION
                        + " from the keyring Secret;"
                        + " if the bucket there lacks the identity of the vault,"
                        + " run tokenizer bind as examples/bind.yaml does."
                        + UNTIL_THEN);
    }

    static BucketStatus boundBucketMissing(BucketClaim claim) {
        return BucketStatus.no(
                "BucketMissing",
                "The bucket " + claim.asked().bucket()
                        + " of the vault does not exist. Restore it from its backup;"
                        + " the operator creates no other one.");
    }

    static BucketStatus identityMissing(Keyring keyring) {
        return BucketStatus.no(
                WRONG_BUCKET,
                "The bucket lacks the object " + BucketLayout.vault(keyring.id())
                        + ", so it is not proven to be this vault's."
                        + " Restore the bucket or the endpoint, or remove the key "
                        + KeyringFiles.LOCATION
                        + " from the keyring Secret and run tokenizer bind as examples/bind.yaml does."
                        + NO_NEW_PODS);
    }

    static BucketStatus nothingToBind(Keyring keyring) {
        return BucketStatus.no(
                "Unbound",
                "The keyring pins no location, and the bucket lacks the object " + BucketLayout.vault(keyring.id())
                        + ". If it is the bucket of this vault, run tokenizer bind as examples/bind.yaml does."
                        + UNTIL_THEN);
    }

    static BucketStatus ownedBy(VaultIdentity identity) {
        return BucketStatus.no(
                WRONG_BUCKET,
                "The bucket is used by the Tokenizer " + identity.namespace() + "/" + identity.name()
                        + " of the cluster " + identity.cluster()
                        + ", which has the same keyring. To take it over, remove the key "
                        + KeyringFiles.LOCATION + " from the keyring Secret here." + NO_NEW_PODS);
    }

    static BucketStatus foreign(Keyring keyring, Foreign foreign) {
        String own = keyring.id().text();
        // Anyone who writes to the bucket chooses these names, so only one that is the id of a vault is shown.
        List<String> others =
                foreign.ids().stream().filter(id -> !id.equals(own)).toList();
        String found = others.isEmpty()
                ? "The object " + BucketLayout.vault(keyring.id()) + " of the bucket was not written with this keyring."
                : others.stream()
                        .filter(id -> id.matches("[0-9a-f]{32}"))
                        .findFirst()
                        .map(id -> "The bucket holds the identity of another vault: " + BucketLayout.VAULT + id + ".")
                        .orElse("The bucket holds an object of another program under " + BucketLayout.VAULT + ".");
        return BucketStatus.no(
                WRONG_BUCKET,
                found + " Restore the right bucket, or create the Tokenizer with another storage.bucket."
                        + NO_NEW_PODS);
    }
}
