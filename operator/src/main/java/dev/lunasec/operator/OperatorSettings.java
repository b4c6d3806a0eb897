package dev.lunasec.operator;

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
 * @param namespaces that are watched; empty for all
 * @param address where the probes are answered
 * @param port of probes and metrics, 0 for any free one
 * @param lease by which several operators agree on one that works; null for an operator that is alone
 */
public record OperatorSettings(
        String tokenizerImage,
        String redisImage,
        Set<String> namespaces,
        InetAddress address,
        int port,
        @Nullable Lease lease) {

    /**
     * The Lease of the leader election.
     *
     * @param namespace where it is
     * @param identity of this operator among the others: its pod's name
     */
    public record Lease(String namespace, String identity) {}

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
                text(environment, "TOKENIZER_IMAGE", "ghcr.io/lunasec/tokenizer:0.1.0-SNAPSHOT"),
                text(environment, "REDIS_IMAGE", "redis:7.4"),
                namespaces(text(environment, "WATCH_NAMESPACES", "")),
                address(text(environment, "OPERATOR_ADDRESS", "0.0.0.0")),
                port(text(environment, "OPERATOR_PORT", "8080")),
                lease(text(environment, "LEASE_NAMESPACE", ""), text(environment, "POD_NAME", "")));
    }

    private static String text(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private static @Nullable Lease lease(String namespace, String pod) {
        if (namespace.isEmpty()) return null;
        if (pod.isEmpty())
            throw new Invalid("POD_NAME is not set; set it to the name of the pod, or LEASE_NAMESPACE to nothing.");
        return new Lease(namespace, pod);
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
