package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.testbed.JwtIssuer;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.testing.KeyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An issuer without jwksUrl: its discovery document names the JWKS. */
@Tag("embedded")
class DiscoveryTest {
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";
    private static final String KEYS = "/protocol/openid-connect/certs";

    @TempDir
    Path folder;

    private JwtIssuer signer;
    private KeyServer server;

    @BeforeEach
    void start() {
        signer = new JwtIssuer();
        server = new KeyServer("{}");
    }

    @AfterEach
    void stop() {
        server.close();
        signer.close();
    }

    /** Keycloak has a path, Auth0 has a slash at the end. */
    @ParameterizedTest
    @CsvSource({"/realms/shop,/realms/shop", "/,''", "'',''"})
    void theDiscoveryDocumentNamesTheKeys(String path, String base) {
        String issuer = base(server) + path;
        publish(server, base, issuer, base(server) + KEYS);
        try (IssuerRouter router = router(issuer, null)) {
            assertThat(router.authenticate(jwt(issuer)).session()).isEqualTo("session-1");
        }
    }

    @Test
    void theDocumentOfAnotherIssuerNamesNoKeys() {
        String issuer = base(server) + "/realms/shop";
        publish(server, "/realms/shop", base(server) + "/realms/other", base(server) + KEYS);
        unavailable(issuer);
        assertThat(server.asked().availablePermits()).isEqualTo(1);
    }

    /** The network policy has no port for it, and whoever answers there was not asked. */
    @Test
    void keysAtAnotherPortAreNotFetched() {
        try (KeyServer other = new KeyServer(new JWKSet(signer.key().toPublicJWK()).toString())) {
            String issuer = base(server);
            publish(server, "", issuer, other.url().toString());
            unavailable(issuer);
            assertThat(other.asked().availablePermits()).isZero();
        }
    }

    @Test
    void aRedirectOfTheDocumentIsNotFollowed() {
        try (KeyServer target = new KeyServer("{}")) {
            publish(target, "", base(server), base(server) + KEYS);
            server.redirectTo(target.url());
            unavailable(base(server));
            assertThat(target.asked().availablePermits()).isZero();
        }
    }

    @Test
    void aDocumentThatIsTooLargeIsNotRead() {
        String issuer = base(server);
        publish(server, "", issuer, issuer + KEYS);
        server.publish(WELL_KNOWN, " ".repeat(70 << 10) + document(issuer, issuer + KEYS));
        unavailable(issuer);
    }

    @Test
    void theAuthoritiesOfAnIssuerHoldForItsDocumentAndItsKeys() throws IOException {
        TestAuthority internal = new TestAuthority("internal");
        Files.writeString(folder.resolve("shop.crt"), internal.pem());
        try (KeyServer https = new KeyServer("{}", internal)) {
            String issuer = base(https);
            publish(https, "", issuer, issuer + KEYS);
            try (IssuerRouter router = router(issuer, folder)) {
                assertThat(router.authenticate(jwt(issuer)).session()).isEqualTo("session-1");
            }
            unavailable(issuer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example.com/keys",
                "https://id.example.com:8443/keys",
                "https://user@id.example.com/keys",
                "file:///etc/passwd",
                "//id.example.com/keys",
                "/keys",
                "not a url",
                ""
            })
    void aJwksUriOfAnotherSchemeOrPortIsRefused(String jwksUri) throws IOException {
        DiscoveryDocument document = new DiscoveryDocument(document("https://id.example.com", jwksUri));
        assertThatThrownBy(() -> document.jwksUri("https://id.example.com"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("jwks_uri")
                .hasMessageNotContaining("example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://keys.example.com/all", "https://id.example.com:443/keys"})
    void aJwksUriMayHaveAnotherHost(String jwksUri) throws IOException {
        DiscoveryDocument document = new DiscoveryDocument(document("https://id.example.com", jwksUri));
        assertThat(document.jwksUri("https://id.example.com")).hasToString(jwksUri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "no JSON", "{\"issuer\":null}", "{\"jwks_uri\":\"https://id.example.com\"}"})
    void whatIsNoDiscoveryDocumentNamesNoKeys(String text) {
        assertThatThrownBy(() -> new DiscoveryDocument(text).jwksUri("https://id.example.com"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the discovery document is");
    }

    private void unavailable(String issuer) {
        try (IssuerRouter router = router(issuer, null)) {
            assertThatThrownBy(() -> router.authenticate(jwt(issuer)))
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.ISSUER_UNAVAILABLE));
        }
    }

    private void publish(KeyServer at, String base, String issuer, String jwksUri) {
        at.publish(base + WELL_KNOWN, document(issuer, jwksUri));
        at.publish(KEYS, new JWKSet(signer.key().toPublicJWK()).toString());
    }

    private static String document(String issuer, String jwksUri) {
        return "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + jwksUri
                + "\",\"subject_types_supported\":[\"public\"]}";
    }

    private static IssuerRouter router(String issuer, @Nullable Path authorities) {
        Issuer discovered = new Issuer(
                "shop",
                issuer,
                JwtIssuer.AUDIENCE,
                null,
                authorities != null,
                EnumSet.allOf(Kind.class),
                EnumSet.allOf(Action.class),
                List.of(),
                ClaimMappings.ORIGINAL,
                null);
        return new IssuerRouter(List.of(discovered), authorities, null, Duration.ofMinutes(15));
    }

    private static String base(KeyServer server) {
        return server.url().resolve("/").toString().replaceAll("/$", "");
    }

    private String jwt(String issuer) {
        return signer.jwt("user", "session-1", claims -> claims.issuer(issuer));
    }
}
