package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ClaimMappings.KindMapping;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which issuers the settings can have. */
@Tag("pure")
class IssuerTest {
    static final Issuer MAPPED = issuer(
            "https://id.example.com/realms/shop",
            null,
            new ClaimMappings(
                    "sub", "sid", List.of(new KindMapping(Kind.USER, "azp", "shop-web", Set.of(Action.DETOKENIZE)))));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node-sdk",
                "accounts.google.com",
                "ftp://id.example.com",
                "https://user@id.example.com",
                "https://id.example.com?tenant=7",
                "https://id.example.com#shop",
                "https://id.example.com/a b"
            })
    void anIssuerThatIsNoUrlNeedsTheUrlOfItsKeys(String issuer) {
        assertThatThrownBy(() -> issuer(issuer, null, ClaimMappings.ORIGINAL))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("issuers[].jwksUrl is missing, and issuers[].issuer is no URL that can have a discovery"
                        + " document; write the URL of the JWKS.");
        assertThat(issuer(issuer, "https://shop/keys", ClaimMappings.ORIGINAL).issuer())
                .isEqualTo(issuer);
    }

    /** The identity of an application is the iss claim, a line break and its subject. */
    @Test
    void anIssuerHasNoLineBreak() {
        assertThatThrownBy(() -> issuer("https://id\nshop", "https://shop/keys", ClaimMappings.ORIGINAL))
                .hasMessageContaining("without line breaks");
    }

    @Test
    void aMappingAllowsNothingThatTheIssuerDoesNot() {
        assertThatThrownBy(() -> issuer("https://id", null, mapping(Kind.APPLICATION, Action.DETOKENIZE)))
                .hasMessageContaining("has the kind APPLICATION, which is not in issuers[].kinds");
        assertThatThrownBy(() -> issuer("https://id", null, mapping(Kind.USER, Action.ERASE)))
                .hasMessageContaining("has an action that is not in issuers[].actions");
    }

    @Test
    void mappedCallersHaveASubject() {
        List<KindMapping> kinds = MAPPED.claimMappings().kinds();
        assertThatThrownBy(() -> new ClaimMappings(null, "sid", kinds))
                .hasMessageContaining("write the claim that names the caller, like sub");
    }

    @Test
    void theClaimThatNamesTheKindIsNoSession() {
        assertThatThrownBy(() -> new ClaimMappings(null, "sub", List.of()))
                .hasMessageContaining("all users would have one session");
        assertThat(new ClaimMappings("sub", "sub", MAPPED.claimMappings().kinds()).session())
                .isEqualTo("sub");
    }

    private static ClaimMappings mapping(Kind kind, Action action) {
        return new ClaimMappings("sub", "sid", List.of(new KindMapping(kind, "azp", "shop-web", Set.of(action))));
    }

    private static Issuer issuer(String issuer, @Nullable String jwksUrl, ClaimMappings mappings) {
        return new Issuer(
                "keycloak",
                issuer,
                "tokenizer",
                jwksUrl == null ? null : URI.create(jwksUrl),
                false,
                EnumSet.of(Kind.USER),
                EnumSet.of(Action.DETOKENIZE),
                List.of(new ClaimRule("typ", "Bearer")),
                mappings,
                null);
    }
}
