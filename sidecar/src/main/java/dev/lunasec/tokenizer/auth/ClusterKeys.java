package dev.lunasec.tokenizer.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.contract.TokenizerEnvironment.Cluster;
import dev.lunasec.runtime.BoundedCall;
import dev.lunasec.runtime.TrustedAuthorities;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer of the cluster and its keys, as the API server publishes them (Kubernetes, "ServiceAccount issuer discovery"). The
 * {@code jwks_uri} in it is not followed: it may name an address that no pod reaches.
 */
final class ClusterKeys implements JWKSetSource<SecurityContext> {
    private static final Logger log = LoggerFactory.getLogger(ClusterKeys.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DISCOVERY_BYTES = 64 << 10;

    private final URI apiServer;
    private final TokenFile token;
    private final Path authority;
    private volatile @Nullable Published published;
    private volatile boolean failing;

    /** What the API server said last. */
    record Published(String issuer, JWKSet keys) {}

    ClusterKeys(Cluster cluster) {
        this.apiServer = cluster.apiServer();
        this.token = new TokenFile(cluster.account().resolve(MountedFiles.CLUSTER_TOKEN));
        this.authority = cluster.account().resolve(MountedFiles.CLUSTER_CA);
    }

    /** Null when it was never reached. */
    @Nullable
    Published published() {
        return published;
    }

    /** Whether the last attempt failed: then an unknown key may well be a new one. */
    boolean failing() {
        return failing;
    }

    /** Fetches on each call; the caches are in front of this. */
    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
            throws JWKSetUnavailableException {
        try {
            Published fetched = fetch();
            if (failing) log.info("the API server answers again");
            failing = false;
            published = fetched;
            return fetched.keys();
        } catch (IOException e) {
            if (!failing) log.warn("The keys of the cluster can't be fetched: {}.", e.getMessage());
            failing = true;
            throw new JWKSetUnavailableException("the keys of the cluster can't be fetched", e);
        }
    }

    @Override
    public void close() {
        // There is nothing between two fetches.
    }

    /** With a client of its own, because token and authority are both renewed while the pod runs, and this is rare. */
    private Published fetch() throws IOException {
        String bearer = token.read();
        HttpClient http = client();
        try {
            String discovery = get(http, "/.well-known/openid-configuration", bearer, DISCOVERY_BYTES);
            String issuer = JSON.readTree(discovery).path("issuer").asText();
            if (issuer.isEmpty()) throw new IOException("the API server names no issuer");
            return new Published(issuer, JWKSet.parse(get(http, "/openid/v1/jwks", bearer, JwtVerifier.JWKS_BYTES)));
        } catch (JsonProcessingException | ParseException e) {
            throw new IOException("what answers is not the API server", e);
        } finally {
            http.shutdownNow();
        }
    }

    private HttpClient client() throws IOException {
        String pem;
        try {
            pem = Files.readString(authority);
        } catch (IOException e) {
            throw new IOException("the file " + authority + " can't be read", e);
        }
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(JwtVerifier.FETCH)
                    .sslContext(TrustedAuthorities.contextOfOnly(pem))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException("the file " + authority + " holds no certificate", e);
        }
    }

    private String get(HttpClient http, String path, String bearer, int largest) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(apiServer.resolve(path))
                .timeout(JwtVerifier.FETCH)
                .header("authorization", "Bearer " + bearer)
                .build();
        try {
            HttpResponse<byte[]> answer = BoundedCall.send(http, request, JwtVerifier.FETCH, largest);
            if (answer.statusCode() != 200) {
                throw new IOException("the API server answers " + answer.statusCode() + " to GET " + path);
            }
            return new String(answer.body(), StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
