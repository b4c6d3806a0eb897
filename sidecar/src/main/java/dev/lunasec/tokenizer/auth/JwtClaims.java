package dev.lunasec.tokenizer.auth;

import dev.lunasec.contract.ClaimRule;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a JWT whose signature was checked. A claim is found by its name, or by a path with dots to a claim
 * inside of others. A name comes first, because names that are URLs have dots too.
 */
record JwtClaims(Map<String, Object> all) {
    /** Claims that are several words in one text: RFC 8693, 4.2, and the one of Entra ID. */
    private static final Set<String> LISTS_OF_WORDS = Set.of("scope", "scp");

    /** Whether the claim of a condition is the required text, or a list that has it. Anything else does not hold. */
    boolean meet(ClaimRule rule) {
        Object value = find(rule.claim());
        if (value instanceof String text) {
            return LISTS_OF_WORDS.contains(rule.claim())
                    ? Arrays.asList(text.split(" ", -1)).contains(rule.requiredValue())
                    : text.equals(rule.requiredValue());
        }
        return value instanceof List<?> list && list.contains(rule.requiredValue());
    }

    /**
     * A claim that is a text.
     *
     * @param longest the most characters that it may have
     * @return empty if there is no such claim
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#UNAUTHENTICATED} if it is no text, or is too long
     */
    String text(String claim, int longest) {
        Object value = find(claim);
        if (value == null) return "";
        if (!(value instanceof String text))
            throw Refusal.WRONG_CLAIM.ofJwt("has a claim " + claim + " that is no text");
        if (text.length() <= longest) return text;
        throw Refusal.WRONG_CLAIM.ofJwt("has a claim " + claim + " of over " + longest + " characters");
    }

    /** Without the claims, because the session is a secret. */
    @Override
    public String toString() {
        return "JwtClaims";
    }

    private @Nullable Object find(String claim) {
        Object named = all.get(claim);
        if (named != null) return named;
        Object inside = all;
        for (String name : claim.split("\\.", -1)) {
            inside = inside instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return inside;
    }
}
