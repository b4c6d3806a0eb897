package dev.lunasec.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a tokenizer finds its files and where it listens: the environment of its container. Only paths and addresses, no secret.
 *
 * @param settings file, JSON of {@link TokenizerSettings}
 * @param keyring folder with {@code lookup}, {@code share-<n>} and {@code primary}
 * @param redisUrl file with a {@code redis://} or {@code rediss://} URL
 * @param storageCredentials folder with {@code accessKeyId} and {@code secretAccessKey}; null for the pod's own identity
 * @param trustedCA PEM file with the authority of the store; null for the well-known ones
 * @param terminationLog file for the sentence that says why a start failed
 * @param address where both ports listen
 */
public record TokenizerEnvironment(
        Path settings,
        Path keyring,
        Path redisUrl,
        @Nullable Path storageCredentials,
        @Nullable Path trustedCA,
        Path terminationLog,
        InetAddress address,
        int port,
        int managementPort) {

    /** The port of the original, which its clients have as their default. */
    public static final int DEFAULT_PORT = 37766;

    /** Where {@code /livez}, {@code /readyz} and {@code /metrics} are. */
    public static final int DEFAULT_MANAGEMENT_PORT = 9090;

    /**
     * Reads the environment.
     *
     * @param environment usually {@link System#getenv()}
     * @throws InvalidSettings naming the first variable that is missing or wrong
     */
    public static TokenizerEnvironment from(Map<String, String> environment) {
        return new TokenizerEnvironment(
                requiredPath(environment, "TOKENIZER_SETTINGS"),
                requiredPath(environment, "TOKENIZER_KEYRING"),
                requiredPath(environment, "TOKENIZER_REDIS_URL"),
                path(environment, "TOKENIZER_STORAGE_CREDENTIALS"),
                path(environment, "TOKENIZER_TRUSTED_CA"),
                Path.of(environment.getOrDefault("TOKENIZER_TERMINATION_LOG", "/dev/termination-log")),
                address(environment.getOrDefault("TOKENIZER_ADDRESS", "0.0.0.0")),
                port(environment, "TOKENIZER_PORT", DEFAULT_PORT),
                port(environment, "TOKENIZER_MANAGEMENT_PORT", DEFAULT_MANAGEMENT_PORT));
    }

    private static Path requiredPath(Map<String, String> environment, String name) {
        Path path = path(environment, name);
        if (path == null) throw new InvalidSettings(name + " is not set; set it to a path.");
        return path;
    }

    private static @Nullable Path path(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return value.isBlank() ? null : Path.of(value);
    }

    private static InetAddress address(String value) {
        try {
            return InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw new InvalidSettings("TOKENIZER_ADDRESS is " + value + "; set it to an address of this host.", e);
        }
    }

    private static int port(Map<String, String> environment, String name, int otherwise) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) return otherwise;
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) return port;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new InvalidSettings(name + " is " + value + "; set it to a port from 0 (any free one) to 65535.");
    }
}
