package dev.lunasec.contract;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent finds its files and its tokenizer, and where it listens: the environment of its container. It holds paths and addresses, no
 * secret.
 *
 * @param tokenizer {@code http://} or {@code https://} and a host
 * @param tokenFile the projected token of the pod's ServiceAccount, for the audience of the vault
 * @param trustedCA PEM file with the only authority that may have signed the tokenizer's certificate; null for the public ones
 * @param address the address on which the application reaches the agent; a loopback address, because every caller acts as this pod
 * @param managementAddress the address on which the kubelet reaches the probes
 */
public record AgentEnvironment(
        URI tokenizer,
        Path tokenFile,
        @Nullable Path trustedCA,
        InetAddress address,
        int port,
        InetAddress managementAddress,
        int managementPort) {

    public AgentEnvironment {
        if (!address.isLoopbackAddress()) {
            throw new InvalidSettings(
                    EnvironmentVariables.ADDRESS + " is " + address.getHostAddress()
                            + ", where others reach it who would call as this pod; set it to a loopback address like 127.0.0.1.");
        }
    }

    /**
     * Reads the environment.
     *
     * @param environment usually {@link System#getenv()}
     * @throws InvalidSettings naming the first variable that is missing or wrong
     */
    public static AgentEnvironment from(Map<String, String> environment) {
        VariableReader variables = new VariableReader(environment);
        return new AgentEnvironment(
                variables.requiredHttp(EnvironmentVariables.URL),
                variables.requiredPath(EnvironmentVariables.TOKEN_FILE),
                variables.path(EnvironmentVariables.CA),
                variables.address(EnvironmentVariables.ADDRESS, "127.0.0.1"),
                variables.port(EnvironmentVariables.PORT, TokenizerEnvironment.DEFAULT_PORT),
                variables.address(EnvironmentVariables.MANAGEMENT_ADDRESS, "0.0.0.0"),
                variables.port(EnvironmentVariables.MANAGEMENT_PORT, TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT));
    }
}
