package dev.lunasec.tokenizer.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.Payload;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.ClaimMappings.KindMapping;
import dev.lunasec.contract.ClaimRule;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;

/**
 * No claims make a caller of a kind or with an action that the issuer does not allow, and no refusal repeats a claim.
 * The claims are those of a JWT whose signature was checked, so an issuer chose them.
 */
@Tag("pure")
class CallerMapperFuzzTest {
    private static final Set<Action> OF_A_SESSION = Set.of(Action.TOKENIZE, Action.DETOKENIZE, Action.METADATA);
    private static final Set<Kind> ALL_KINDS = EnumSet.allOf(Kind.class);
    private static final Set<Action> ALL_ACTIONS = EnumSet.allOf(Action.class);

    private static final List<Issuer> ISSUERS = List.of(
            issuer(ALL_KINDS, ALL_ACTIONS, List.of(), ClaimMappings.ORIGINAL),
            issuer(Set.of(Kind.USER), Set.of(Action.DETOKENIZE, Action.GRANT), List.of(), ClaimMappings.ORIGINAL),
            issuer(
                    ALL_KINDS,
                    ALL_ACTIONS,
                    List.of(new ClaimRule("typ", "Bearer")),
                    new ClaimMappings(
                            "sub",
                            "sid",
                            List.of(
                                    mapping(Kind.APPLICATION, "realm_access.roles", "vault", Action.ERASE),
                                    mapping(Kind.USER, "azp", "shop-web", Action.DETOKENIZE, Action.GRANT)))),
            issuer(
                    Set.of(Kind.USER, Kind.DEVELOPER),
                    ALL_ACTIONS,
                    List.of(),
                    new ClaimMappings(
                            "https://shop.example/user.id",
                            "session.id",
                            List.of(
                                    mapping(Kind.USER, "scope", "vault.read", Action.DETOKENIZE),
                                    mapping(Kind.DEVELOPER, "https://shop.example/roles", "dev", Action.METADATA)))));

    /** All sentences of the server. The only names in them are those of the issuers above. */
    private static final String SENTENCES = "The JWT ("
            + "does not have the value of the claim typ that its issuer's claimValidationRules require"
            + "|has a sub that is not user, application or developer; have its issuer sign one of these, or say in"
            + " claimMappings\\.kinds which claims make the caller a user"
            + "|meets no condition of claimMappings\\.kinds; add one for it to the entry shop of spec\\.auth\\.issuers"
            + "|has the kind (user|application|developer), for which its issuer may not sign; add the kind to the"
            + " entry shop of spec\\.auth\\.issuers"
            + "|is of a (user|developer) and has no (session_id|sid|session\\.id); have its issuer add this claim"
            + "|has no (sub|https://shop\\.example/user\\.id)"
            + "|has a claim (sub|session_id|sid|session\\.id|https://shop\\.example/user\\.id)"
            + " (that is no text|of over [0-9]+ characters))\\.";

    @FuzzTest(maxDuration = "10m")
    void claimsMakeNoCallerThatTheIssuerDoesNotAllow(byte[] json) {
        Map<String, Object> claims;
        try {
            // As SignedJWT does, which refuses claims that are no object.
            Map<String, Object> object = new Payload(new String(json, StandardCharsets.UTF_8)).toJSONObject();
            if (object == null) return;
            claims = JWTClaimsSet.parse(object).getClaims();
        } catch (ParseException e) {
            return; // The verifier refuses it before.
        }
        for (Issuer issuer : ISSUERS) check(issuer, claims);
    }

    private static void check(Issuer issuer, Map<String, Object> claims) {
        Caller caller;
        try {
            caller = new CallerMapper(issuer).caller(new JwtClaims(claims));
        } catch (CallFailed refused) {
            assertThat(refused.failure()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(refused.reason()).isNotBlank();
            assertThat(refused.sentence()).matches(SENTENCES);
            return;
        }
        for (ClaimRule rule : issuer.claimValidationRules())
            assertThat(holds(claims, rule)).isTrue();
        Set<Action> allowed = EnumSet.copyOf(issuer.actions());
        if (issuer.claimMappings().kinds().isEmpty()) {
            assertThat(claims.get("sub")).isEqualTo(caller.kind().claim());
        } else {
            KindMapping first = issuer.claimMappings().kinds().stream()
                    .filter(mapping -> holds(claims, mapping.condition()))
                    .findFirst()
                    .orElseThrow();
            assertThat(caller.kind()).isEqualTo(first.kind());
            allowed.retainAll(first.actions());
        }
        assertThat(issuer.kinds()).contains(caller.kind());
        if (caller.kind() != Kind.APPLICATION) {
            allowed.retainAll(OF_A_SESSION);
            assertThat(caller.session()).isNotEmpty();
        }
        assertThat(caller.actions()).isEqualTo(allowed);
        assertThat(caller.session()).hasSizeLessThanOrEqualTo(512);
        assertThat(caller.issuer()).isEqualTo(issuer.issuer());
        String name = "shop/" + caller.kind().claim();
        assertThat(caller.subject()).startsWith(name);
        if (caller.kind() == Kind.APPLICATION && issuer.claimMappings().subject() != null) {
            // Two applications are two holders of grants.
            String subject = caller.subject().substring(name.length() + 1);
            assertThat(caller.identity()).isEqualTo(issuer.issuer() + "/application\n" + subject);
        }
        assertThat(caller).hasToString("Caller[" + caller.subject() + "]");
    }

    private static boolean holds(Map<String, Object> claims, ClaimRule rule) {
        List<Object> values = new ArrayList<>();
        Object claim = claim(claims, rule.claim());
        if (claim instanceof List<?> list) values.addAll(list);
        else if (claim instanceof String text && rule.claim().equals("scope"))
            values.addAll(Arrays.asList(text.split(" ", -1)));
        else if (claim != null) values.add(claim);
        return values.contains(rule.requiredValue());
    }

    private static @Nullable Object claim(Map<?, ?> claims, String path) {
        if (claims.get(path) != null) return claims.get(path);
        int dot = path.indexOf('.');
        if (dot < 0) return null;
        // The paths above have one dot, and a name that is a URL is no path.
        return claims.get(path.substring(0, dot)) instanceof Map<?, ?> inside
                ? inside.get(path.substring(dot + 1))
                : null;
    }

    private static KindMapping mapping(Kind kind, String claim, String value, Action... actions) {
        return new KindMapping(kind, claim, value, Set.of(actions));
    }

    private static Issuer issuer(Set<Kind> kinds, Set<Action> actions, List<ClaimRule> rules, ClaimMappings mappings) {
        return new Issuer(
                "shop", "https://id.shop.example", "tokenizer", null, false, kinds, actions, rules, mappings, null);
    }
}
