package dev.lunasec.testbed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * The back end of an application: it publishes its RSA key on a port of 127.0.0.1 and signs JWTs as the SDK of the
 * original does.
 */
public final class JwtIssuer implements AutoCloseable {
    public static final String ISSUER = "node-sdk";
    public static final String AUDIENCE = "secure-frame";

    /** The keys of issuers that were closed: a new key takes half a second, and almost each test has an issuer. */
    private static final Deque<RSAKey> UNUSED = new ConcurrentLinkedDeque<>();

    /** A JWT of one second. */
    private record Signed(long second, String jwt) {}

    private final HttpServer server;
    private final RSAKey key;
    /** The last JWT by subject and session: the JWTs of one second are equal, and each signature takes a while. */
    private final Map<String, Signed> last = new ConcurrentHashMap<>();

    private final AtomicBoolean closed = new AtomicBoolean();

    /** Starts it with a key that no other issuer has that is open. */
    public JwtIssuer() {
        try {
            RSAKey unused = UNUSED.poll();
            key = unused == null
                    ? new RSAKeyGenerator(2048).keyID("lunasec-signing-key").generate()
                    : unused;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        byte[] jwks = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        server.createContext("/.lunasec/jwks.json", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, jwks.length);
                exchange.getResponseBody().write(jwks);
            }
        });
        server.start();
    }

    public URI jwksUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/.lunasec/jwks.json");
    }

    public RSAKey key() {
        return key;
    }

    /**
     * A valid JWT, for 15 minutes.
     *
     * @param subject user, application or developer
     * @param session empty for none
     */
    public String jwt(String subject, String session) {
        String who = subject + ' ' + session;
        long second = Instant.now().getEpochSecond();
        Signed there = last.get(who);
        if (there == null || there.second() != second) {
            there = new Signed(second, jwt(subject, session, claims -> claims));
            last.put(who, there);
        }
        return there.jwt();
    }

    /** A JWT whose claims are changed before it is signed. */
    public String jwt(String subject, String session, UnaryOperator<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(900)));
        if (!session.isEmpty()) claims.claim("session_id", session);
        return signed(
                key, new JWSHeader(JWSAlgorithm.RS256), change.apply(claims).build());
    }

    /**
     * A JWT as another issuer makes it, valid for 15 minutes.
     *
     * @param header as JSON
     * @param claims as JSON; the times iat, exp and, if there is one, nbf are set to those of now
     */
    public String sign(String header, String claims) {
        return sign(key, header, claims);
    }

    /** The same with another key. */
    public static String sign(RSAKey key, String header, String claims) {
        Instant now = Instant.now();
        try {
            JWTClaimsSet given = JWTClaimsSet.parse(claims);
            JWTClaimsSet.Builder timed = new JWTClaimsSet.Builder(given)
                    .issueTime(Date.from(now))
                    .expirationTime(Date.from(now.plusSeconds(900)));
            if (given.getNotBeforeTime() != null) timed.notBeforeTime(Date.from(now));
            return signed(key, JWSHeader.parse(header), timed.build());
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String signed(RSAKey key, JWSHeader header, JWTClaimsSet claims) {
        SignedJWT jwt = new SignedJWT(header, claims);
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
        if (!closed.getAndSet(true)) UNUSED.add(key);
    }
}
