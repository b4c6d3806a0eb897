package dev.lunasec.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.testbed.JwtIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plays the back end of the user's application: it publishes its public key, and gives a JWT to anybody. A real back
 * end gives them to its own users alone.
 */
public final class DemoApplication implements AutoCloseable {
    private static final Set<String> KINDS = Set.of("user", "application", "developer");

    private final JwtIssuer issuer = new JwtIssuer();
    private final HttpServer server;

    /** Listens on free ports of loopback. */
    public DemoApplication() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/demo/token", this::token);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public URI jwksUrl() {
        return issuer.jwksUrl();
    }

    /**
     * A JWT that is valid for 15 minutes.
     *
     * @param kind user, application or developer
     * @param session empty for none
     */
    public String jwt(String kind, String session) {
        return issuer.jwt(kind, session);
    }

    @Override
    public void close() {
        server.stop(0);
        issuer.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String kind = query.getOrDefault("kind", "user");
        String session = query.getOrDefault("session", "");
        if (!KINDS.contains(kind)) {
            answer(exchange, 400, "kind is user, application or developer\n");
        } else if (!kind.equals("application") && session.isEmpty()) {
            answer(exchange, 400, "a " + kind + " has a session: add &session= and any text\n");
        } else {
            answer(exchange, 200, jwt(kind, session) + "\n");
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw == null) return query;
        for (String pair : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
