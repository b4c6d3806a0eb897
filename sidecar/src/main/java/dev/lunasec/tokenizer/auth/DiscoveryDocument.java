package dev.lunasec.tokenizer.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/** The discovery document of an issuer (OpenID Connect Discovery 1.0, 4), which names the URL of its JWKS. */
final class DiscoveryDocument {
    /** The largest one, in bytes of JSON. */
    static final int BYTES = 64 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;

    /** @throws IOException if the text is no JSON */
    DiscoveryDocument(String text) throws IOException {
        try {
            document = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException("the discovery document is no JSON", e);
        }
    }

    /** Where it is: below the issuer, without a slash at the end of it. */
    static URI of(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /** The issuer; empty if the document names none. */
    String issuer() {
        return document.path("issuer").asText();
    }

    /**
     * The URL of the JWKS. It has the scheme and the port of the issuer: a network policy lets pods connect to that
     * port, and an issuer with TLS must not lead to keys without it.
     *
     * @param expected the issuer from whose address the document was fetched
     * @throws IOException saying what is wrong with the document, without a URL
     */
    URI jwksUri(String expected) throws IOException {
        if (!issuer().equals(expected)) throw new IOException("the discovery document is of another issuer");
        URI jwks;
        try {
            jwks = new URI(document.path("jwks_uri").asText());
        } catch (URISyntaxException e) {
            throw new IOException("the jwks_uri of the discovery document is no URL", e);
        }
        if (jwks.getHost() == null || jwks.getUserInfo() != null) {
            throw new IOException("the jwks_uri of the discovery document has no host, or has a user name");
        }
        URI issuer = URI.create(expected);
        if (Objects.equals(jwks.getScheme(), issuer.getScheme()) && port(jwks) == port(issuer)) return jwks;
        throw new IOException("the jwks_uri of the discovery document has another scheme or port than the issuer;"
                + " write it as jwksUrl if you trust it");
    }

    private static int port(URI uri) {
        if (uri.getPort() != -1) return uri.getPort();
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
