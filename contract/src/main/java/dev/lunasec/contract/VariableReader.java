package dev.lunasec.contract;

import dev.lunasec.contract.TokenizerSettings.Action;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses the environment variables of a container one by one; an empty variable counts as one that is not set. */
record VariableReader(Map<String, String> environment) {

    /** @throws InvalidSettings when it is not set */
    Path requiredPath(String name) {
        Path path = path(name);
        if (path == null) throw new InvalidSettings(name + " is not set; set it to a path.");
        return path;
    }

    @Nullable
    Path path(String name) {
        String value = text(name);
        return value.isBlank() ? null : Path.of(value);
    }

    /** @throws InvalidSettings when it is not an http or https URL, or has a user name, a query or a fragment */
    URI requiredHttp(String name) {
        String value = text(name);
        try {
            URI uri = new URI(value);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
            if (web && bare && uri.getHost() != null) return uri;
        } catch (URISyntaxException e) {
            // The error is thrown below.
        }
        // The message does not repeat the value, which may hold a password.
        throw new InvalidSettings(
                name + " is not an address; set it to http:// or https:// and a host, without a user name or a query.");
    }

    InetAddress address(String name, String otherwise) {
        String value = text(name);
        if (value.isBlank()) value = otherwise;
        try {
            return InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw new InvalidSettings(name + " is " + value + "; set it to an address of this host.", e);
        }
    }

    int port(String name, int otherwise) {
        String value = text(name);
        if (value.isBlank()) return otherwise;
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) return port;
        } catch (NumberFormatException e) {
            // The error is thrown below.
        }
        throw new InvalidSettings(name + " is " + value + "; set it to a port from 0 (any free one) to 65535.");
    }

    /** @throws InvalidSettings when it is not set, or is no number from {@code least} to {@code most} */
    int requiredNumber(String name, int least, int most) {
        String value = text(name);
        if (value.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) return number;
        }
        throw new InvalidSettings(name + (value.isBlank() ? " is not set" : " is " + value)
                + "; set it to a number from " + least + " to " + most + ".");
    }

    /**
     * Actions, separated by commas.
     *
     * @throws InvalidSettings when one of them does not exist
     */
    Set<Action> actions(String name, Set<Action> otherwise) {
        String value = text(name);
        if (value.isBlank()) return otherwise;
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (String entry : value.split(",", -1)) {
            String label = entry.strip();
            actions.add(Action.labelled(label)
                    .orElseThrow(() -> new InvalidSettings(name + " has the entry \"" + label
                            + "\"; write actions with commas between them: "
                            + Arrays.stream(Action.values()).map(Action::label).collect(Collectors.joining(","))
                            + ".")));
        }
        return actions;
    }

    /** A rate per second, over 0 and at most {@code most}; null when it is not set. */
    @Nullable
    Double rate(String name, int most) {
        String value = text(name);
        if (value.isBlank()) return null;
        if (value.matches("[0-9]{1,9}([.][0-9]{1,9})?")) {
            double rate = Double.parseDouble(value);
            if (rate > 0 && rate <= most) return rate;
        }
        throw new InvalidSettings(name + " is " + value + "; set it to a number over 0 and at most " + most
                + ", per second, or leave it out for no limit.");
    }

    @Nullable
    KeyringAnnouncement keyring(String name) {
        String value = text(name);
        if (value.isBlank()) return null;
        return KeyringAnnouncement.parse(value)
                .orElseThrow(() -> new InvalidSettings(
                        name + " is " + value + "; set it to what a keyring has, like primary=2 shares=1,2."));
    }

    @Nullable
    SettingsHash settings(String name) {
        String value = text(name);
        if (value.isBlank()) return null;
        return SettingsHash.parse(value)
                .orElseThrow(() -> new InvalidSettings(
                        name + " is " + value + "; set it to the first 32 hex digits of the SHA-256 of the settings."));
    }

    String text(String name) {
        return environment.getOrDefault(name, "");
    }
}
