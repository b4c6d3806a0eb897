package dev.lunasec.contract;

/** What the keyring says about the bucket of its vault, under the key {@value KeyringFiles#LOCATION}. */
public sealed interface Binding {
    /** A new keyring: its vault has no bucket yet. */
    record Unbound() implements Binding {}

    /** The vault uses the bucket at this location, and no other. */
    record Bound(BucketLocation location) implements Binding {}

    /** A person removed the location, to bind the vault to a bucket that already holds its identity. */
    record Released() implements Binding {}
}
