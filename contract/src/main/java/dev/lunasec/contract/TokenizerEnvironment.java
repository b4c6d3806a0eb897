package dev.lunasec.contract;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a tokenizer finds its files and where it listens: the environment of its container. It holds paths and
 * addresses, no secret.
 *
 * @param files the files that the maintenance commands need as well
 * @param redisUrl file with a {@link RedisUrl}
 * @param redisCA PEM file with the authority that signed the certificates of Redis; null for the public ones
 * @param tls folder with {@value MountedFiles#TLS_CERTIFICATE} and {@value MountedFiles#TLS_KEY}; null to serve plain
 *     HTTP
 * @param issuerCAs folder with a file {@link MountedFiles#issuerCA} for each issuer that has authorities of its own;
 *     null for none
 * @param cluster the cluster whose ServiceAccount tokens are accepted; null when no application calls with one
 * @param address the address on which both ports listen
 */
public record TokenizerEnvironment(
        VaultFiles files,
        Path redisUrl,
        @Nullable Path redisCA,
        @Nullable Path tls,
        @Nullable Path issuerCAs,
        @Nullable Cluster cluster,
        InetAddress address,
        int port,
        int managementPort) {

    /**
     * The API server, as a pod reaches it.
     *
     * @param apiServer {@code https://} and its address
     * @param account folder with {@value MountedFiles#CLUSTER_TOKEN} (the pod's own, for the API server) and {@value
     *     MountedFiles#CLUSTER_CA}
     */
    public record Cluster(URI apiServer, Path account) {}

    /** The port for callers: the default port of the original LunaSec tokenizer and of its clients. */
    public static final int DEFAULT_PORT = 37766;

    /** The port of {@link ManagementPaths}. */
    public static final int DEFAULT_MANAGEMENT_PORT = 9090;

    /**
     * Reads the environment.
     *
     * @param environment usually {@link System#getenv()}
     * @throws InvalidSettings naming the first variable that is missing or wrong
     */
    public static TokenizerEnvironment from(Map<String, String> environment) {
        VariableReader variables = new VariableReader(environment);
        return new TokenizerEnvironment(
                VaultFiles.from(environment),
                variables.requiredPath(EnvironmentVariables.REDIS_URL),
                variables.path(EnvironmentVariables.REDIS_CA),
                variables.path(EnvironmentVariables.TLS),
                variables.path(EnvironmentVariables.ISSUER_CAS),
                cluster(variables),
                variables.address(EnvironmentVariables.ADDRESS, "0.0.0.0"),
                variables.port(EnvironmentVariables.PORT, DEFAULT_PORT),
                variables.port(EnvironmentVariables.MANAGEMENT_PORT, DEFAULT_MANAGEMENT_PORT));
    }

    /**
     * The variables from which {@link #from} makes this environment in a pod: the operator writes them. Addresses and
     * ports stay the defaults.
     *
     * @param redisUrl as in this record, and so are the others
     * @param account as in {@link Cluster}; null when no application calls with a ServiceAccount token
     * @return values by name, in the order in which they are read
     */
    public static Map<String, String> variables(
            VaultFiles files,
            Path redisUrl,
            @Nullable Path redisCA,
            @Nullable Path tls,
            @Nullable Path issuerCAs,
            @Nullable Path account) {
        Map<String, String> variables = new LinkedHashMap<>(files.variables());
        variables.put(EnvironmentVariables.REDIS_URL, redisUrl.toString());
        if (redisCA != null) variables.put(EnvironmentVariables.REDIS_CA, redisCA.toString());
        if (tls != null) variables.put(EnvironmentVariables.TLS, tls.toString());
        if (issuerCAs != null) variables.put(EnvironmentVariables.ISSUER_CAS, issuerCAs.toString());
        if (account != null) variables.put(EnvironmentVariables.CLUSTER_ACCOUNT, account.toString());
        return variables;
    }

    private static @Nullable Cluster cluster(VariableReader variables) {
        Path account = variables.path(EnvironmentVariables.CLUSTER_ACCOUNT);
        if (account == null) return null;
        String host = variables.text(EnvironmentVariables.KUBERNETES_SERVICE_HOST);
        int port = variables.port(EnvironmentVariables.KUBERNETES_SERVICE_PORT, 443);
        if (host.isBlank())
            throw new InvalidSettings(EnvironmentVariables.KUBERNETES_SERVICE_HOST + " is not set; run this in a pod.");
        String authority = host.contains(":") ? "[" + host + "]" : host;
        try {
            return new Cluster(new URI("https://" + authority + ":" + port), account);
        } catch (URISyntaxException e) {
            throw new InvalidSettings(
                    EnvironmentVariables.KUBERNETES_SERVICE_HOST + " is " + host + "; set it to an address.", e);
        }
    }
}
