package dev.lunasec.contract;

import org.jspecify.annotations.Nullable;

/** What the keyring says about the bucket of its vault, under the key {@value KeyringFiles#LOCATION}. */
public sealed interface Binding {
    /** A new keyring: its vault has no bucket yet. */
    record Unbound() implements Binding {}

    /**
     * The vault uses the bucket at this location, and no other.
     *
     * @param cluster the cluster whose Tokenizer was bound, as in {@link VaultIdentity}; null if the keyring does not say
     */
    record Bound(BucketLocation location, @Nullable String cluster) implements Binding {}

    /** A person removed the location, to bind the vault to a bucket that already holds its identity. */
    record Released() implements Binding {}
}
