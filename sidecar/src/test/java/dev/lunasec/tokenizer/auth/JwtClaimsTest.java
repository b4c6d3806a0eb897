package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.contract.ClaimRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a claim is found, and when a condition on it holds. */
@Tag("pure")
class JwtClaimsTest {
    @Test
    void scopesAreListsOfWords() {
        assertThat(meets(Map.of("scp", "openid Vault.Use"), "scp", "Vault.Use")).isTrue();
        assertThat(meets(Map.of("scope", "Vault.Use"), "scope", "Vault.Use")).isTrue();
        assertThat(meets(Map.of("scope", "Vault.Use.All"), "scope", "Vault.Use"))
                .isFalse();
        assertThat(meets(Map.of("scp", List.of("openid", "Vault.Use")), "scp", "Vault.Use"))
                .isTrue();
        assertThat(meets(Map.of("name", "openid Vault.Use"), "name", "Vault.Use"))
                .isFalse();
    }

    @Test
    void aNameWithDotsIsTheClaimOfThatNameBeforeItIsAPath() {
        String url = "https://shop.example.com/kind";
        assertThat(meets(Map.of(url, "backend"), url, "backend")).isTrue();
        assertThat(meets(Map.of("a.b", "one", "a", Map.of("b", "two")), "a.b", "one"))
                .isTrue();
        assertThat(meets(Map.of("a.b", "one", "a", Map.of("b", "two")), "a.b", "two"))
                .isFalse();
        assertThat(meets(Map.of("a", Map.of("b", Map.of("c", "deep"))), "a.b.c", "deep"))
                .isTrue();
        assertThat(meets(Map.of("a", "text"), "a.b.c", "deep")).isFalse();
    }

    @Test
    void theClaimsAreNotInTheText() {
        assertThat(new JwtClaims(Map.of("session_id", "session-1"))).hasToString("JwtClaims");
    }

    private static boolean meets(Map<String, Object> claims, String claim, String value) {
        return new JwtClaims(claims).meet(new ClaimRule(claim, value));
    }
}
