package dev.lunasec.contract;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a tokenizer finds its files and where it listens: the environment of its container. Only paths and addresses, no secret.
 *
 * @param files what it has in common with the vault's maintenance
 * @param redisUrl file with a {@code redis://} or {@code rediss://} URL
 * @param redisCA PEM file with the authority of Redis; null for the well-known ones
 * @param tls folder with {@code tls.crt} and {@code tls.key}; null to serve plain HTTP
 * @param cluster who issues the tokens of ServiceAccounts; null when no application comes with one
 * @param terminationLog file for the sentence that says why a start failed
 * @param address where both ports listen
 */
public record TokenizerEnvironment(
        VaultFiles files,
        Path redisUrl,
        @Nullable Path redisCA,
        @Nullable Path tls,
        @Nullable Cluster cluster,
        Path terminationLog,
        InetAddress address,
        int port,
        int managementPort) {

    /**
     * The API server, as a pod reaches it.
     *
     * @param apiServer {@code https://} and its address
     * @param account folder with {@code token} (the pod's own, for the API server) and {@code ca.crt}
     */
    public record Cluster(URI apiServer, Path account) {}

    /** The audience that the tokens of calling pods are made for. */
    public static final String AUDIENCE = "tokenizer";

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
        Variables variables = new Variables(environment);
        return new TokenizerEnvironment(
                VaultFiles.from(environment),
                variables.requiredPath("TOKENIZER_REDIS_URL"),
                variables.path("TOKENIZER_REDIS_CA"),
                variables.path("TOKENIZER_TLS"),
                cluster(variables),
                Path.of(environment.getOrDefault("TOKENIZER_TERMINATION_LOG", "/dev/termination-log")),
                variables.address("TOKENIZER_ADDRESS", "0.0.0.0"),
                variables.port("TOKENIZER_PORT", DEFAULT_PORT),
                variables.port("TOKENIZER_MANAGEMENT_PORT", DEFAULT_MANAGEMENT_PORT));
    }

    /** Kubernetes itself sets the two variables with the address in every container. */
    private static @Nullable Cluster cluster(Variables variables) {
        Path account = variables.path("TOKENIZER_CLUSTER_ACCOUNT");
        if (account == null) return null;
        String host = variables.text("KUBERNETES_SERVICE_HOST");
        int port = variables.port("KUBERNETES_SERVICE_PORT", 443);
        if (host.isBlank()) throw new InvalidSettings("KUBERNETES_SERVICE_HOST is not set; run this in a pod.");
        String authority = host.contains(":") ? "[" + host + "]" : host;
        try {
            return new Cluster(new URI("https://" + authority + ":" + port), account);
        } catch (URISyntaxException e) {
            throw new InvalidSettings("KUBERNETES_SERVICE_HOST is " + host + "; set it to an address.", e);
        }
    }
}
