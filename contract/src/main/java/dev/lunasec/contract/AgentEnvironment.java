package dev.lunasec.contract;

import dev.lunasec.contract.TokenizerSettings.Action;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent finds its files and its tokenizer, and where it listens: the environment of its container. It holds
 * paths and addresses, no secret.
 *
 * @param tokenizer {@code http://} or {@code https://} and a host
 * @param tokenFile the projected token of the pod's ServiceAccount, for the audience of the vault
 * @param trustedCA PEM file with the only authority that may have signed the tokenizer's certificate; null for the
 *     public ones
 * @param actions what the application may do through the agent; the vault must allow it too
 * @param address the address on which the application reaches the agent; a loopback address, because every caller acts
 *     as this pod
 * @param managementAddress the address on which the kubelet reaches the probes
 */
public record AgentEnvironment(
        URI tokenizer,
        Path tokenFile,
        @Nullable Path trustedCA,
        Set<Action> actions,
        InetAddress address,
        int port,
        InetAddress managementAddress,
        int managementPort) {

    /** Without the two that cannot be undone: every process of the pod can call the agent. */
    private static final Set<Action> DEFAULT_ACTIONS = EnumSet.complementOf(EnumSet.of(Action.ERASE, Action.REKEY));

    public AgentEnvironment {
        actions = Set.copyOf(actions);
        if (!address.isLoopbackAddress()) {
            throw new InvalidSettings(EnvironmentVariables.ADDRESS + " is " + address.getHostAddress()
                    + ", where others reach it who would call as this pod;"
                    + " set it to a loopback address like 127.0.0.1.");
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
                variables.actions(EnvironmentVariables.ACTIONS, DEFAULT_ACTIONS),
                variables.address(EnvironmentVariables.ADDRESS, "127.0.0.1"),
                variables.port(EnvironmentVariables.PORT, TokenizerEnvironment.DEFAULT_PORT),
                variables.address(EnvironmentVariables.MANAGEMENT_ADDRESS, "0.0.0.0"),
                variables.port(EnvironmentVariables.MANAGEMENT_PORT, TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT));
    }
}
