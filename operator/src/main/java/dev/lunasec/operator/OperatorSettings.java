package dev.lunasec.operator;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.operator.model.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operator's own settings, from its environment.
 *
 * @param ownIdentity whether the operator goes to a store under its own cloud identity for a vault that names no credentials; then
 *     everybody who may create a Tokenizer may have it work on every bucket that this identity reaches
 * @param namespaces that are watched; empty for all
 * @param address where the probes are answered
 * @param port of probes and metrics, 0 for any free one
 * @param lease by which several operators agree on one that works; null for an operator that is alone
 */
public record OperatorSettings(
        String tokenizerImage,
        String redisImage,
        boolean ownIdentity,
        Set<String> namespaces,
        InetAddress address,
        int port,
        @Nullable Lease lease) {

    /**
     * The Lease of the leader election.
     *
     * @param namespace where it is
     * @param name the same for all operators of one release
     * @param identity of this operator among the others: its pod's name
     */
    public record Lease(String namespace, String name, String identity) {}

    /** A variable is wrong; the message names it and says what is allowed. */
    public static final class Invalid extends RuntimeException {
        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    /**
     * Reads the environment.
     *
     * @throws Invalid naming the first variable that is wrong
     */
    public static OperatorSettings from(Map<String, String> environment) {
        return new OperatorSettings(
                text(environment, EnvironmentVariables.TOKENIZER_IMAGE, "ghcr.io/lunasec/tokenizer:0.1.0-SNAPSHOT"),
                text(environment, EnvironmentVariables.REDIS_IMAGE, "redis:7.4"),
                flag(environment, "ALLOW_OWN_IDENTITY"),
                namespaces(text(environment, "WATCH_NAMESPACES", "")),
                address(text(environment, EnvironmentVariables.OPERATOR_ADDRESS, "0.0.0.0")),
                port(text(environment, EnvironmentVariables.OPERATOR_PORT, "8080")),
                lease(
                        text(environment, "LEASE_NAMESPACE", ""),
                        text(environment, "LEASE_NAME", Names.OPERATOR),
                        text(environment, "POD_NAME", "")));
    }

    private static String text(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static boolean flag(Map<String, String> environment, String name) {
        String value = text(environment, name, "false");
        if (value.equals("true") || value.equals("false")) return value.equals("true");
        throw new Invalid(name + " is " + value + "; set it to true or false.");
    }

    private static @Nullable Lease lease(String namespace, String name, String pod) {
        if (namespace.isEmpty()) return null;
        if (pod.isEmpty())
            throw new Invalid("POD_NAME is not set; set it to the name of the pod, or LEASE_NAMESPACE to nothing.");
        if (!name.matches("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?"))
            throw new Invalid("LEASE_NAME is " + name + "; set it to the name of a Lease, in lower case.");
        return new Lease(namespace, name, pod);
    }

    private static Set<String> namespaces(String value) {
        Set<String> names = Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        for (String name : names) {
            if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
                throw new Invalid("WATCH_NAMESPACES has " + name
                        + "; set it to names of namespaces with commas between them, or to nothing for all.");
            }
        }
        return names;
    }

    private static InetAddress address(String value) {
        try {
            return InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw new Invalid("OPERATOR_ADDRESS is " + value + "; set it to an address of this host.");
        }
    }

    private static int port(String value) {
        if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65535) return Integer.parseInt(value);
        throw new Invalid("OPERATOR_PORT is " + value + "; set it to a port from 0 (any free one) to 65535.");
    }
}
