package dev.lunasec.contract;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where every command of a vault finds its files: the part of the environment that the tokenizer and its maintenance have in common. Only
 * paths, no secret.
 *
 * @param settings file, JSON of {@link TokenizerSettings}
 * @param keyring folder with {@code lookup}, {@code share-<n>} and {@code primary}
 * @param expectedKeyring what the keyring has at least, as its pod was told; null where nobody said so
 * @param storageCredentials folder with {@code accessKeyId} and {@code secretAccessKey}; null for the pod's own identity
 * @param trustedCA PEM file with the authority of the store; null for the well-known ones
 */
public record VaultFiles(
        Path settings,
        Path keyring,
        @Nullable KeyringAnnouncement expectedKeyring,
        @Nullable Path storageCredentials,
        @Nullable Path trustedCA) {

    /**
     * Reads the environment.
     *
     * @param environment usually {@link System#getenv()}
     * @throws InvalidSettings naming the first variable that is missing or wrong
     */
    public static VaultFiles from(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        return new VaultFiles(
                variables.requiredPath("TOKENIZER_SETTINGS"),
                variables.requiredPath("TOKENIZER_KEYRING"),
                variables.keyring("TOKENIZER_KEYRING_EXPECTED"),
                variables.path("TOKENIZER_STORAGE_CREDENTIALS"),
                variables.path("TOKENIZER_TRUSTED_CA"));
    }
}
