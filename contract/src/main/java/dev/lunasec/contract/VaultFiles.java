package dev.lunasec.contract;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the environment that the tokenizer and the maintenance commands have in common: where they find the files
 * of their vault. It holds paths, no secret.
 *
 * @param settings file, JSON of {@link TokenizerSettings}
 * @param expectedSettings the {@link SettingsHash} of that file; a command refuses to run with another one. Null for no
 *     such check
 * @param keyring folder with the files of {@link KeyringFiles}
 * @param expectedKeyring the shares that the keyring holds at least; a command refuses to run with fewer. Null for no
 *     check
 * @param storageCredentials folder with {@value MountedFiles#ACCESS_KEY_ID} and
 *     {@value MountedFiles#SECRET_ACCESS_KEY}; null for the pod's own identity
 * @param trustedCA PEM file with the authority that signed the certificate of the store; null for the public ones
 */
public record VaultFiles(
        Path settings,
        @Nullable SettingsHash expectedSettings,
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
        VariableReader variables = new VariableReader(environment);
        return new VaultFiles(
                variables.requiredPath(EnvironmentVariables.SETTINGS),
                variables.settings(EnvironmentVariables.SETTINGS_EXPECTED),
                variables.requiredPath(EnvironmentVariables.KEYRING),
                variables.keyring(EnvironmentVariables.KEYRING_EXPECTED),
                variables.path(EnvironmentVariables.STORAGE_CREDENTIALS),
                variables.path(EnvironmentVariables.TRUSTED_CA));
    }

    /**
     * The variables from which {@link #from} makes these files; the operator writes them, with
     * {@value TerminationLog#PATH} as the termination log.
     *
     * @return values by name, in the order in which they are read
     */
    public Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(EnvironmentVariables.SETTINGS, settings.toString());
        if (expectedSettings != null) {
            variables.put(EnvironmentVariables.SETTINGS_EXPECTED, expectedSettings.toString());
        }
        variables.put(EnvironmentVariables.KEYRING, keyring.toString());
        if (expectedKeyring != null) variables.put(EnvironmentVariables.KEYRING_EXPECTED, expectedKeyring.toString());
        variables.put(EnvironmentVariables.TERMINATION_LOG, TerminationLog.PATH);
        if (storageCredentials != null) {
            variables.put(EnvironmentVariables.STORAGE_CREDENTIALS, storageCredentials.toString());
        }
        if (trustedCA != null) variables.put(EnvironmentVariables.TRUSTED_CA, trustedCA.toString());
        return variables;
    }
}
