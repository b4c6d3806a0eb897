package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.jwk.JWKSet;
import dev.lunasec.contract.MountedFiles;
import dev.lunasec.contract.TokenizerEnvironment.Cluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;

/**
 * The issuer of the cluster and its keys, as the API server publishes them (Kubernetes, "ServiceAccount issuer
 * discovery"). The {@code jwks_uri} in it is not followed: it may name an address that no pod reaches.
 */
final class ClusterKeys implements PublishedKeys.Source {
    private final URI apiServer;
    private final TokenFile token;
    private final Path authority;

    ClusterKeys(Cluster cluster) {
        this.apiServer = cluster.apiServer();
        this.token = new TokenFile(cluster.account().resolve(MountedFiles.CLUSTER_TOKEN));
        this.authority = cluster.account().resolve(MountedFiles.CLUSTER_CA);
    }

    @Override
    public PublishedKeys fetch() throws IOException {
        String bearer = token.read();
        try (KeyDocuments documents = new KeyDocuments(authority)) {
            URI document = DiscoveryDocument.of(apiServer.toString());
            String issuer = new DiscoveryDocument(documents.get(document, bearer, DiscoveryDocument.BYTES)).issuer();
            if (issuer.isEmpty()) throw new IOException("the API server names no issuer");
            String keys = documents.get(apiServer.resolve("/openid/v1/jwks"), bearer, JwtVerifier.JWKS_BYTES);
            return new PublishedKeys(issuer, JWKSet.parse(keys));
        } catch (ParseException e) {
            throw new IOException("what answers is not the API server", e);
        }
    }
}
