package dev.lunasec.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the keyring says about the bucket of its vault, under the key {@value KeyringFiles#LOCATION}. */
public sealed interface Binding {
    /** A new keyring: its vault has no bucket yet. */
    record Unbound() implements Binding {}

    /**
     * The vault uses the bucket at this location, and no other.
     *
     * @param cluster the cluster whose Tokenizer was bound, as in {@link VaultIdentity}; null if the keyring names none
     */
    record Bound(BucketLocation location, @Nullable String cluster) implements Binding {}

    /** A person removed the location, to bind the vault to a bucket that already holds its identity. */
    record Released() implements Binding {}

    /**
     * Reads the binding from the files of a keyring.
     *
     * @throws InvalidKeyring when the location is neither {@value KeyringFiles#UNBOUND} nor the location of a bucket
     */
    static Binding read(Map<String, byte[]> files) throws InvalidKeyring {
        byte[] content = files.get(KeyringFiles.LOCATION);
        if (content == null) return new Released();
        String text = KeyringFiles.text(content);
        if (text.equals(KeyringFiles.UNBOUND)) return new Unbound();
        BucketLocation location = BucketLocation.read(text)
                .orElseThrow(() -> new InvalidKeyring("The key " + KeyringFiles.LOCATION + " of the keyring is not the"
                        + " location of a bucket; remove the key to bind the vault again."));
        byte[] cluster = files.get(KeyringFiles.CLUSTER);
        return new Bound(location, cluster == null ? null : KeyringFiles.text(cluster));
    }
}
