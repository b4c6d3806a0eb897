package dev.lunasec.tokenizer;

import dev.lunasec.contract.Binding;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.contract.SettingsHash;
import dev.lunasec.contract.TokenizerSettings;
import dev.lunasec.contract.TokenizerSettings.Storage;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.runtime.TrustedAuthorities;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.token.Keyring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The content of the files of a vault, read once at the start of a command. */
record VaultConfig(
        TokenizerSettings settings,
        KeyringFiles keyringFiles,
        @Nullable AccessKeys accessKeys,
        @Nullable String trustedCA) {

    /**
     * Reads all of them.
     *
     * @throws InvalidSettings naming what is wrong, and what is allowed
     * @throws IOException when a file can't be read
     */
    static VaultConfig read(VaultFiles files) throws IOException {
        String json = text(files.settings());
        expect(files.expectedSettings(), json);
        TokenizerSettings settings = TokenizerSettings.parse(json);
        KeyringFiles keyring = Keyring.parse(content(files.keyring()));
        expect(files.expectedKeyring(), keyring.announcement());
        return new VaultConfig(settings, keyring, accessKeys(files.storageCredentials()), authority(files.trustedCA()));
    }

    /**
     * Checks that the keyring pins the bucket of the settings. With another bucket, the keys would meet records that
     * are not theirs.
     *
     * @throws InvalidSettings naming both locations, or saying that the keyring pins no bucket
     */
    VaultConfig requirePinned() {
        if (!(keyringFiles.binding() instanceof Binding.Bound bound)) {
            throw new InvalidSettings("The keyring pins no bucket: wait until the operator binds the vault, and if the"
                    + " condition StorageReady says that nothing can be bound, run tokenizer bind.");
        }
        BucketLocation location = settings.storage().location();
        if (bound.location().equals(location)) return this;
        throw new InvalidSettings(
                "The keyring belongs to the bucket " + bound.location().write()
                        + ", but the settings name the bucket " + location.write()
                        + "; write the former into spec.storage, or bind the vault to the latter.");
    }

    /**
     * Checks that the keyring pins no bucket, because a person removed the location.
     *
     * @throws InvalidSettings if it pins one, or is a new keyring
     */
    VaultConfig requireReleased() {
        if (keyringFiles.binding() instanceof Binding.Released) return this;
        throw new InvalidSettings("The keyring still has the key " + KeyringFiles.LOCATION
                + "; remove it from the Secret, so that no pod uses the bucket before it is bound.");
    }

    Keyring keyring() {
        return Keyring.of(keyringFiles);
    }

    /**
     * The proof that the bucket of a connection is the vault's, and still that of its Tokenizer. The tokenizer of
     * another cluster, which took the bucket over, would not read what this one stores.
     */
    IdentityProof identity(S3Connection connection) {
        IdentityProof proof = IdentityProof.of(connection, keyringFiles.lookup());
        if (!(keyringFiles.binding() instanceof Binding.Bound bound)) return proof;
        String cluster = bound.cluster();
        return cluster == null
                ? proof
                : proof.ownedBy(
                        cluster, settings.vault().namespace(), settings.vault().name());
    }

    /** Connects to the bucket; the caller closes the connection. */
    S3Connection connect() {
        Storage storage = settings.storage();
        return new S3Connection(
                new StoreLocation(storage.bucket(), storage.region(), storage.endpoint(), storage.pathStyleAccess()),
                accessKeys,
                trustedCA);
    }

    /** Where clients of the vault reach the bucket. */
    StoreLocation forClients() {
        Storage storage = settings.storage();
        return new StoreLocation(
                storage.bucket(),
                storage.region(),
                storage.publicEndpoint() == null ? storage.endpoint() : storage.publicEndpoint(),
                storage.pathStyleAccess());
    }

    static @Nullable String authority(@Nullable Path file) throws IOException {
        if (file == null) return null;
        String pem = text(file);
        try {
            TrustedAuthorities.only(pem);
            return pem;
        } catch (IllegalArgumentException e) {
            throw new InvalidSettings("The file " + file + " holds no certificate; write certificates in PEM form.", e);
        }
    }

    static String text(Path file) throws IOException {
        return Files.readString(file);
    }

    /**
     * The kubelet may start a container with a ConfigMap that is older than its pod, or that another program changed.
     */
    private static void expect(@Nullable SettingsHash expected, String json) {
        SettingsHash mounted = SettingsHash.of(json);
        if (expected == null || mounted.equals(expected)) return;
        throw new InvalidSettings("The mounted ConfigMap does not have the settings of this pod: their hash is "
                + mounted + " where " + expected + " was announced, so this pod will be restarted until it has.");
    }

    /** The kubelet may start a container with a Secret that is older than what its pod was made for. */
    private static void expect(@Nullable KeyringAnnouncement expected, KeyringAnnouncement mounted) {
        if (expected == null || mounted.covers(expected)) return;
        throw new InvalidSettings("The mounted Secret is not yet the announced keyring: it has " + mounted + " where "
                + expected + " was announced, so this pod will be restarted until it has.");
    }

    private static @Nullable AccessKeys accessKeys(@Nullable Path folder) throws IOException {
        if (folder == null) return null;
        return new AccessKeys(
                text(folder.resolve(MountedFiles.ACCESS_KEY_ID)).strip(),
                text(folder.resolve(MountedFiles.SECRET_ACCESS_KEY)).strip());
    }

    private static Map<String, byte[]> content(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> list = Files.list(folder)) {
            // Kubernetes keeps the versions of a mounted Secret in hidden folders next to its files.
            paths = list.filter(path -> !path.getFileName().toString().startsWith("."))
                    .toList();
        }
        Map<String, byte[]> files = new HashMap<>();
        for (Path path : paths) files.put(path.getFileName().toString(), Files.readAllBytes(path));
        return files;
    }
}
