package dev.lunasec.tokenizer.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The headers of the frame's page, word for word. */
@Tag("pure")
class FrameHeadersTest {
    private static final List<String> SHOPS = List.of("https://shop.example.com", "https://m.example.com:8443");

    @Test
    void thePolicyAllowsTheNonceTheTokenizerTheBucketAndTheAllowedPages() {
        assertThat(policy(SHOPS, "https://vault.s3.eu-central-1.amazonaws.com/"))
                .isEqualTo("default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; style-src 'nonce-abc'; "
                        + "connect-src 'self' https://vault.s3.eu-central-1.amazonaws.com/; img-src 'none'; "
                        + "font-src 'none'; form-action 'none'; base-uri 'none'; "
                        + "frame-ancestors https://shop.example.com https://m.example.com:8443; "
                        + "require-trusted-types-for 'script'; trusted-types 'none'");
    }

    @Test
    void noPageEmbedsTheFrameOfAVaultWithoutAllowedOrigins() {
        assertThat(policy(List.of(), "https://s3.example.com/vault/")).contains("; frame-ancestors 'none'; ");
    }

    /** In a path of the endpoint, a semicolon would begin a directive, and a comma a policy. */
    @Test
    void theAddressOfTheStoreAddsNoDirective() {
        assertThat(policy(SHOPS, "https://s3.example.com/a;script-src *,b/vault/"))
                .contains("connect-src 'self' https://s3.example.com/a%3Bscript-src *%2Cb/vault/; img-src");
    }

    @Test
    void theOtherHeadersIsolateThePageAndSwitchFeaturesOff() {
        Map<String, String> headers = FrameHeaders.of("abc", SHOPS, "https://s3.example.com/vault/");
        assertThat(headers)
                .containsEntry("Referrer-Policy", "no-referrer")
                .containsEntry("Cross-Origin-Resource-Policy", "cross-origin")
                .containsEntry("Cross-Origin-Embedder-Policy", "require-corp")
                .containsEntry("Cross-Origin-Opener-Policy", "same-origin")
                .containsEntry("Origin-Agent-Cluster", "?1")
                .doesNotContainKeys("Set-Cookie", "Access-Control-Allow-Origin");
        assertThat(headers.get("Permissions-Policy"))
                .contains("camera=(), ", "clipboard-read=(), ", "geolocation=(), ")
                .doesNotContain("clipboard-write", "autofill", "=(),,")
                .endsWith("=()");
    }

    private static String policy(List<String> origins, String objects) {
        return Objects.requireNonNull(FrameHeaders.of("abc", origins, objects).get("Content-Security-Policy"));
    }
}
