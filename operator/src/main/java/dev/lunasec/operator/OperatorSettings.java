package dev.lunasec.operator;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.operator.controller.RuntimeSettings;
import dev.lunasec.operator.controller.RuntimeSettings.Lease;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultDefaults;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operator's own settings, read from its environment.
 *
 * @param runtime the settings of the reconciler and of the leader election
 * @param bindingDelay how long the identity of a new vault must be alone in its bucket before the operator binds the
 *     vault to it
 * @param address the address on which the operator serves probes and metrics
 * @param port the port of probes and metrics, from 0 to 65535; 0 for any free one
 */
public record OperatorSettings(RuntimeSettings runtime, Duration bindingDelay, InetAddress address, int port) {
    private static final Duration LONGEST_BINDING_DELAY = Duration.ofHours(1);

    /**
     * An hour in which a person can take back the retirement of a wrong share, and ten minutes: a share leaves the
     * keyring some minutes after it was copied.
     */
    private static final String MINIMUM_GRACE_PERIOD = "70m";

    /** A variable is wrong. The message names the variable and says what is allowed. */
    public static final class Invalid extends RuntimeException {
        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    /**
     * Reads the environment.
     *
     * @throws Invalid if a variable is wrong; the message names the first one
     */
    public static OperatorSettings from(Map<String, String> environment) {
        VaultDefaults vaults = new VaultDefaults(
                text(environment, EnvironmentVariables.TOKENIZER_IMAGE, "ghcr.io/lunasec/tokenizer:0.1.0-SNAPSHOT"),
                text(environment, EnvironmentVariables.REDIS_IMAGE, "docker.io/valkey/valkey:9.1"),
                flag(environment, EnvironmentVariables.ALLOW_OWN_IDENTITY),
                duration(environment, EnvironmentVariables.MINIMUM_GRACE_PERIOD, MINIMUM_GRACE_PERIOD));
        Set<String> namespaces = namespaces(text(environment, EnvironmentVariables.WATCH_NAMESPACES, ""));
        InetAddress address = address(text(environment, EnvironmentVariables.OPERATOR_ADDRESS, "0.0.0.0"));
        int port = port(text(environment, EnvironmentVariables.OPERATOR_PORT, "8080"));
        Lease lease = lease(
                text(environment, EnvironmentVariables.LEASE_NAMESPACE, ""),
                text(environment, EnvironmentVariables.LEASE_NAME, Names.OPERATOR),
                text(environment, EnvironmentVariables.POD_NAME, ""));
        return new OperatorSettings(
                new RuntimeSettings(vaults, namespaces, lease),
                bindingDelay(text(environment, EnvironmentVariables.BINDING_DELAY, "1s")),
                address,
                port);
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

    private static Duration duration(Map<String, String> environment, String name, String otherwise) {
        String value = text(environment, name, otherwise);
        return GoDuration.parse(value)
                .orElseThrow(() -> new Invalid(name + " is " + value + "; set it to a duration like 70m."));
    }

    private static Duration bindingDelay(String value) {
        return GoDuration.parse(value)
                .filter(delay -> delay.compareTo(Duration.ofSeconds(1)) >= 0)
                .filter(delay -> delay.compareTo(LONGEST_BINDING_DELAY) <= 0)
                .orElseThrow(() -> new Invalid(
                        EnvironmentVariables.BINDING_DELAY + " is " + value + "; set it to a duration from 1s to 1h."));
    }

    private static @Nullable Lease lease(String namespace, String name, String pod) {
        if (namespace.isEmpty()) return null;
        if (pod.isEmpty())
            throw new Invalid(EnvironmentVariables.POD_NAME + " is not set; set it to the name of the pod, or leave "
                    + EnvironmentVariables.LEASE_NAMESPACE + " empty.");
        if (!name.matches("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?"))
            throw new Invalid(EnvironmentVariables.LEASE_NAME + " is " + name
                    + "; set it to the name of a Lease, in lower-case letters.");
        return new Lease(namespace, name, pod);
    }

    private static Set<String> namespaces(String value) {
        Set<String> names = Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        for (String name : names) {
            if (!name.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
                throw new Invalid(EnvironmentVariables.WATCH_NAMESPACES + " contains " + name
                        + "; set it to names of namespaces, separated by commas, or leave it empty to watch all.");
            }
        }
        return names;
    }

    private static InetAddress address(String value) {
        try {
            return InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw new Invalid(
                    EnvironmentVariables.OPERATOR_ADDRESS + " is " + value + "; set it to an address of this host.");
        }
    }

    private static int port(String value) {
        if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65535) return Integer.parseInt(value);
        throw new Invalid(EnvironmentVariables.OPERATOR_PORT + " is " + value
                + "; set it to a port from 0 (any free one) to 65535.");
    }
}
