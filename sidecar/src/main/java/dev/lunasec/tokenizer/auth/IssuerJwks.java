package dev.lunasec.tokenizer.auth;

import com.nimbusds.jose.jwk.JWKSet;
import dev.lunasec.contract.Issuer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** The keys in the JWKS of an issuer. The settings name its URL, or the discovery document of the issuer does. */
final class IssuerJwks implements PublishedKeys.Source {
    private final Issuer issuer;
    private final @Nullable Path authority;

    /**
     * Does not connect yet.
     *
     * @param authority PEM file with the only authorities that are trusted; null for those of Java
     */
    IssuerJwks(Issuer issuer, @Nullable Path authority) {
        this.issuer = issuer;
        this.authority = authority;
    }

    @Override
    public PublishedKeys fetch() throws IOException {
        try (KeyDocuments documents = new KeyDocuments(authority)) {
            URI url = issuer.jwksUrl();
            if (url == null) url = discovered(documents);
            String jwks = documents.get(url, null, JwtVerifier.JWKS_BYTES);
            return new PublishedKeys(null, JWKSet.parse(jwks));
        } catch (ParseException e) {
            throw new IOException("the answer is no JWKS", e);
        }
    }

    /** The document is fetched each time, because the issuer may move its JWKS. */
    private URI discovered(KeyDocuments documents) throws IOException {
        URI document = DiscoveryDocument.of(issuer.issuer());
        String text = documents.get(document, null, DiscoveryDocument.BYTES);
        return new DiscoveryDocument(text).jwksUri(issuer.issuer());
    }
}
