package dev.lunasec.operator.bucket;

import dev.lunasec.contract.Binding;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.VaultId;
import dev.lunasec.contract.VaultIdentity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The vault that asks for a bucket: what its resource and its keyring say about it.
 *
 * @param asked the location that the resource names
 * @param cluster the uid of the namespace {@code kube-system} of this cluster
 * @param keyring what the keyring says; null while the vault has none
 */
public record BucketClaim(
        BucketLocation asked,
        String cluster,
        String namespace,
        String name,
        @Nullable Keyring keyring) {

    /**
     * What the keyring of the vault says.
     *
     * @param lookupBase64 the lookup key in base64
     */
    public record Keyring(String lookupBase64, Binding binding) {
        /** The lookup key. */
        public byte[] lookup() {
            return Base64.getDecoder().decode(lookupBase64);
        }

        /** The id of the vault. */
        public VaultId id() {
            return VaultId.of(lookup());
        }

        /** Omits the key. */
        @Override
        public String toString() {
            return "Keyring[" + binding + "]";
        }
    }

    /** The location that the keyring pins, if it is another one than the resource names. */
    public Optional<BucketLocation> pinnedElsewhere() {
        return keyring != null
                        && keyring.binding instanceof Binding.Bound bound
                        && !bound.location().equals(asked)
                ? Optional.of(bound.location())
                : Optional.empty();
    }

    /** Whether the keyring pins the location that the resource names. */
    public boolean isPinnedHere() {
        return keyring != null
                && keyring.binding instanceof Binding.Bound bound
                && bound.location().equals(asked);
    }

    /** Whether the vault has never had a bucket, so that the operator may create one. */
    public boolean isNew() {
        return keyring == null || keyring.binding instanceof Binding.Unbound;
    }

    /** Whether an identity was written for the resource of this vault. */
    boolean owns(VaultIdentity identity) {
        return identity.isOf(cluster, namespace, name);
    }

    /** The identity of this vault, for an object that is written now. */
    public VaultIdentity identity(VaultId id, Instant now) {
        return new VaultIdentity(
                id,
                namespace,
                name,
                cluster,
                now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
