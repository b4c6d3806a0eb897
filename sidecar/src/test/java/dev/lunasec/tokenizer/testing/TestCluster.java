package dev.lunasec.tokenizer.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lunasec.contract.TokenizerEnvironment.Cluster;
import dev.lunasec.testbed.KubeletVolume;
import dev.lunasec.testbed.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The part of an API server that publishes the keys of ServiceAccount tokens: over HTTPS with an authority of its own,
 * for those who come with the token that is theirs at the moment. It also gives out such tokens.
 */
public final class TestCluster implements AutoCloseable {
    private static final String AUDIENCE = "tokenizer/payments/vault";

    private final TestAuthority authority = new TestAuthority("cluster");
    private final KubeletVolume account;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger fetches = new AtomicInteger();
    private final int port;
    private volatile String issuer = "https://kubernetes.default.svc.cluster.local";
    private volatile String podsToken = newToken();
    private volatile ECKey key = newKey();
    private HttpsServer server;

    /** @param folder for the files of the tokenizer's own pod */
    public TestCluster(Path folder) {
        this.account = new KubeletVolume(folder);
        renewTokenOfPod();
        this.server = start(0);
        this.port = server.getAddress().getPort();
    }

    /** What the environment of a tokenizer says of it. */
    public Cluster cluster() {
        return new Cluster(URI.create("https://127.0.0.1:" + port), account.folder());
    }

    /** How often the keys were asked for, with the right token or another. */
    public int fetches() {
        return fetches.get();
    }

    /** What the tokenizer's own pod has to show at the moment. */
    public String podsToken() {
        return podsToken;
    }

    /** From now on the old token of the tokenizer's pod is refused. */
    public void renewTokenOfPod() {
        podsToken = newToken();
        account.write(Map.of("token", podsToken, "ca.crt", authority.pem()));
    }

    /** From now on tokens are signed with another key, and it alone is published. */
    public void rotateKeys() {
        key = newKey();
    }

    /** From now on tokens are of another issuer. */
    public void renameIssuer(String name) {
        issuer = name;
    }

    /** From now on the tokenizer's pod is told to trust another authority. */
    public void mistrust() {
        account.write(Map.of("token", podsToken, "ca.crt", new TestAuthority("another").pem()));
    }

    public void stop() {
        server.stop(0);
    }

    public void restart() {
        server = start(port);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    /** A token that the pods of a ServiceAccount have. */
    public String token(String namespace, String name) {
        return token(namespace, name, claims -> claims);
    }

    /** A token whose claims are changed before it is signed. */
    public String token(String namespace, String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        return sign(change.apply(claims(namespace, name, issuer)).build(), key);
    }

    private static JWTClaimsSet.Builder claims(String namespace, String name, String ofIssuer) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(ofIssuer)
                .audience(List.of(AUDIENCE))
                .subject("system:serviceaccount:" + namespace + ":" + name)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(3600)))
                .jwtID(UUID.randomUUID().toString())
                .claim(
                        "kubernetes.io",
                        Map.of("namespace", namespace, "serviceaccount", Map.of("name", name, "uid", "1")));
    }

    /** Signed with a key of its own that says it is the cluster's. */
    public String forged(String namespace, String name) {
        return sign(namespace, name, issuer, newKey(key.getKeyID()));
    }

    /** Signed with a key that the cluster never had, under a name that nobody has heard of. */
    public String ofUnknownKey(String namespace, String name) {
        return ofUnknownKey(namespace, name, issuer);
    }

    public String ofUnknownKey(String namespace, String name, String ofIssuer) {
        return sign(namespace, name, ofIssuer, newKey());
    }

    private HttpsServer start(int onPort) {
        try {
            HttpsServer started =
                    HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 0);
            started.setHttpsConfigurator(new HttpsConfigurator(authority.server()));
            started.setExecutor(threads);
            started.createContext("/", exchange -> answer(exchange, 404, "{}"));
            // It names an address for the keys that nobody can reach, as many clusters do.
            started.createContext(
                    "/.well-known/openid-configuration",
                    exchange -> authorized(
                            exchange,
                            "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"https://192.0.2.1/openid/v1/jwks\"}"));
            started.createContext("/openid/v1/jwks", exchange -> {
                fetches.incrementAndGet();
                authorized(exchange, new JWKSet(key.toPublicJWK()).toString());
            });
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void authorized(HttpExchange exchange, String body) throws IOException {
        boolean right =
                ("Bearer " + podsToken).equals(exchange.getRequestHeaders().getFirst("authorization"));
        if (right) answer(exchange, 200, body);
        else answer(exchange, 401, "{}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String newToken() {
        return "pods-own-token." + UUID.randomUUID();
    }

    private static ECKey newKey() {
        return newKey(UUID.randomUUID().toString());
    }

    private static ECKey newKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sign(String namespace, String name, String ofIssuer, ECKey with) {
        return sign(claims(namespace, name, ofIssuer).build(), with);
    }

    private static String sign(JWTClaimsSet claims, ECKey with) {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(with.getKeyID()).build(), claims);
        try {
            jwt.sign(new ECDSASigner(with));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }
}
