package dev.lunasec.settings;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a container, read one by one; a variable that is empty counts as one that is not set. */
record Variables(Map<String, String> environment) {

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

    /** An address of the network, with a path perhaps. */
    URI requiredHttp(String name) {
        String value = text(name);
        try {
            URI uri = new URI(value);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
            if (web && bare && uri.getHost() != null) return uri;
        } catch (URISyntaxException e) {
            // said below
        }
        // Not with the value: whoever puts a password into an address does not want to read it here.
        throw new InvalidSettings(
                name + " is no address; set it to http:// or https:// and a host, without a user name or a query.");
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
            // said below
        }
        throw new InvalidSettings(name + " is " + value + "; set it to a port from 0 (any free one) to 65535.");
    }

    String text(String name) {
        return environment.getOrDefault(name, "");
    }
}
