package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.ClaimMappings.KindMapping;
import dev.lunasec.contract.ClaimRule;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which caller the claims of a JWT make, and with which reason claims are refused. */
@Tag("pure")
class CallerMapperTest {
    private static final Map<String, Object> USER = Map.of("sub", "7f3a", "sid", "session-1", "azp", "shop-web");
    private static final Map<String, Object> APPLICATION = Map.of(
            "sub", "9c4b", "azp", "shop-web", "realm_access", Map.of("roles", List.of("viewer", "vault-application")));

    @Test
    void theFirstEntryThatHoldsDecidesTheKindAndTheActions() {
        Caller user = caller(USER);
        assertThat(user.kind()).isEqualTo(Kind.USER);
        assertThat(user.subject()).isEqualTo("keycloak/user/7f3a");
        assertThat(user.session()).isEqualTo("session-1");
        assertThat(user.actions()).containsExactly(Action.DETOKENIZE);
        Caller application = caller(APPLICATION);
        assertThat(application.kind()).isEqualTo(Kind.APPLICATION);
        assertThat(application.subject()).isEqualTo("keycloak/application/9c4b");
        assertThat(application.actions()).containsExactly(Action.GRANT, Action.ERASE);
    }

    @Test
    void aUserNeverGetsTheActionsOfAnApplication() {
        ClaimMappings generous = new ClaimMappings(
                "sub", "sid", List.of(new KindMapping(Kind.USER, "azp", "shop-web", EnumSet.allOf(Action.class))));
        assertThat(caller(issuer(List.of(), generous), USER).actions())
                .containsExactly(Action.TOKENIZE, Action.DETOKENIZE, Action.METADATA);
    }

    @Test
    void applicationsOfOneIssuerShareNoGrantsAndUsersShareTheirPlaces() {
        assertThat(caller(APPLICATION).identity())
                .isNotEqualTo(caller(with(APPLICATION, "sub", "other")).identity());
        assertThat(caller(USER).identity())
                .isEqualTo(caller(with(USER, "sub", "other")).identity());
    }

    /** The application would give grants to the empty session, and use those of the other one. */
    @Test
    void anApplicationHasNoSession() {
        assertThat(caller(with(APPLICATION, "sid", "session-1")).session()).isEmpty();
    }

    @Test
    void aUserWithoutASessionIsRefused() {
        refused(without(USER, "sid"), "noSession", "is of a user and has no sid");
        refused(with(USER, "sid", ""), "noSession", "is of a user and has no sid");
    }

    @Test
    void aClaimOfAnotherTypeIsRefused() {
        refused(with(USER, "sid", 7), "wrongClaim", "has a claim sid that is no text");
        refused(with(USER, "sid", List.of("session-1")), "wrongClaim", "has a claim sid that is no text");
        refused(with(USER, "sid", "x".repeat(513)), "wrongClaim", "has a claim sid of over 512 characters");
        refused(with(USER, "sub", Map.of()), "wrongClaim", "has a claim sub that is no text");
        refused(with(USER, "sub", "x".repeat(256)), "wrongClaim", "has a claim sub of over 255 characters");
        refused(without(USER, "sub"), "wrongClaim", "has no sub");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop-web2", "SHOP-WEB", " shop-web", "shop-web shop-web"})
    void aConditionHoldsForTheExactValueAlone(String azp) {
        refused(with(USER, "azp", azp), "noKind", "meets no condition of claimMappings.kinds");
    }

    @Test
    void aConditionHoldsForNoValueThatIsNeitherATextNorAList() {
        for (Object value : List.of(true, 1, Map.of("shop-web", "shop-web"), List.of(List.of("shop-web")))) {
            refused(with(USER, "azp", value), "noKind", "meets no condition of claimMappings.kinds");
        }
        refused(without(USER, "azp"), "noKind", "meets no condition of claimMappings.kinds");
        refused(
                with(APPLICATION, "realm_access", List.of("vault-application")),
                "noSession",
                "is of a user and has no sid");
    }

    @Test
    void aJwtMustMeetAllRulesOfItsIssuer() {
        Issuer strict =
                issuer(List.of(new ClaimRule("typ", "Bearer"), new ClaimRule("acr", "2")), ClaimMappings.ORIGINAL);
        Map<String, Object> claims = Map.of("sub", "user", "session_id", "session-1", "typ", "Bearer", "acr", "2");
        assertThat(caller(strict, claims).kind()).isEqualTo(Kind.USER);
        for (String claim : List.of("typ", "acr")) {
            refused(strict, without(claims, claim), "ruleNotMet", "does not have the value of the claim " + claim);
            refused(strict, with(claims, claim, "1"), "ruleNotMet", "does not have the value of the claim " + claim);
        }
    }

    @Test
    void withoutMappingsTheClaimsAreThoseOfTheOriginal() {
        Issuer original = issuer(List.of(), ClaimMappings.ORIGINAL);
        Caller user = caller(original, Map.of("sub", "user", "session_id", "session-1"));
        assertThat(user.subject()).isEqualTo("keycloak/user");
        assertThat(user.session()).isEqualTo("session-1");
        Caller application = caller(original, Map.of("sub", "application"));
        assertThat(application.subject()).isEqualTo("keycloak/application");
        assertThat(application.identity()).isEqualTo("https://id.example.com/application");
        refused(original, Map.of("sub", "7f3a", "session_id", "session-1"), "noKind", "has a sub that is not user");
    }

    private static Issuer keycloak() {
        return issuer(
                List.of(),
                new ClaimMappings(
                        "sub",
                        "sid",
                        List.of(
                                new KindMapping(
                                        Kind.APPLICATION,
                                        "realm_access.roles",
                                        "vault-application",
                                        EnumSet.of(Action.GRANT, Action.ERASE)),
                                new KindMapping(Kind.USER, "azp", "shop-web", Set.of(Action.DETOKENIZE)))));
    }

    private static Issuer issuer(List<ClaimRule> rules, ClaimMappings mappings) {
        return new Issuer(
                "keycloak",
                "https://id.example.com",
                "tokenizer",
                null,
                false,
                EnumSet.allOf(Kind.class),
                EnumSet.allOf(Action.class),
                rules,
                mappings,
                null);
    }

    private static Caller caller(Map<String, Object> claims) {
        return caller(keycloak(), claims);
    }

    private static Caller caller(Issuer issuer, Map<String, Object> claims) {
        return new CallerMapper(issuer).caller(new JwtClaims(claims));
    }

    private static void refused(Map<String, Object> claims, String reason, String sentence) {
        refused(keycloak(), claims, reason, sentence);
    }

    private static void refused(Issuer issuer, Map<String, Object> claims, String reason, String sentence) {
        assertThatThrownBy(() -> caller(issuer, claims)).isInstanceOfSatisfying(CallFailed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.sentence()).contains(sentence).doesNotContain("session-1", "7f3a");
        });
    }

    private static Map<String, Object> with(Map<String, Object> claims, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(claims);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> claims, String name) {
        Map<String, Object> changed = new HashMap<>(claims);
        changed.remove(name);
        return changed;
    }
}
