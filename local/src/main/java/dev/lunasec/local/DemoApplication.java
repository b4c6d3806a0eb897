package dev.lunasec.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Plays the user's own back end: it publishes its public key, and gives a JWT to whoever asks. A real one gives them to its
 * own users alone.
 */
public final class DemoApplication implements AutoCloseable {
    static final String ISSUER = "node-sdk";
    static final String AUDIENCE = "secure-frame";

    private static final Set<String> KINDS = Set.of("user", "application", "developer");
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private final RSAKey key;
    private final HttpServer server;

    /** Listens on a free port of loopback. */
    public DemoApplication() throws IOException {
        try {
            key = new RSAKeyGenerator(2048).keyID("lunasec-signing-key").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java runtime has RSA", e);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String jwks = new JWKSet(key.toPublicJWK()).toString();
        server.createContext("/.lunasec/jwks.json", exchange -> answer(exchange, 200, "application/json", jwks));
        server.createContext("/demo/token", this::token);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public URI jwksUrl() {
        return url().resolve("/.lunasec/jwks.json");
    }

    /**
     * A JWT as the original's SDK signs it.
     *
     * @param kind user, application or developer
     * @param session empty for none
     */
    public String jwt(String kind, String session) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(kind)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
        if (!session.isEmpty()) claims.claim("session_id", session);
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims.build());
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("an RSA key signs", e);
        }
        return jwt.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        String kind = query.getOrDefault("kind", "user");
        String session = query.getOrDefault("session", "");
        if (!KINDS.contains(kind)) {
            answer(exchange, 400, "text/plain", "kind is user, application or developer\n");
        } else if (kind.equals("user") && session.isEmpty()) {
            answer(exchange, 400, "text/plain", "a user has a session: add &session= and any text\n");
        } else {
            answer(exchange, 200, "text/plain", jwt(kind, session) + "\n");
        }
    }

    private static Map<String, String> query(@org.jspecify.annotations.Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw == null) return query;
        for (String pair : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
