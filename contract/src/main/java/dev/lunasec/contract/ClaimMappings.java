package dev.lunasec.contract;

import static dev.lunasec.contract.SettingsRules.list;
import static dev.lunasec.contract.SettingsRules.ordered;
import static dev.lunasec.contract.SettingsRules.required;

import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which claims of a JWT tell who calls. A claim is named by its name, or by a path with dots as in {@link ClaimRule}.
 *
 * @param subject the claim that names the caller in the audit log, and tells the applications of an issuer apart; null
 *     if no claim does
 * @param session the claim that is the session of a user or a developer
 * @param kinds the first entry whose condition holds decides the kind of the caller; empty if the {@code sub} claim
 *     names the kind
 */
public record ClaimMappings(@Nullable String subject, String session, List<KindMapping> kinds) {
    /** The claim that names the kind of a caller if there are no entries for kinds. */
    private static final String KIND = "sub";

    /** The claims of the original's SDK: {@code sub} names the kind and {@code session_id} is the session. */
    public static final ClaimMappings ORIGINAL = new ClaimMappings(null, "session_id", List.of());

    /**
     * Which callers are of one kind, and what they may do.
     *
     * @param claim the claim of the condition
     * @param requiredValue the value that the claim must be, or must have in it
     * @param actions what these callers may do at most; among the actions of the issuer
     */
    public record KindMapping(Kind kind, String claim, String requiredValue, Set<Action> actions) {
        public KindMapping {
            if (kind == null) {
                throw new InvalidSettings("issuers[].claimMappings.kinds[].kind is missing; write a kind of caller.");
            }
            required("issuers[].claimMappings.kinds[].claim", claim);
            required("issuers[].claimMappings.kinds[].requiredValue", requiredValue);
            actions = ordered("issuers[].claimMappings.kinds[].actions", actions, Action.class);
        }

        /** The condition. */
        public ClaimRule condition() {
            return new ClaimRule(claim, requiredValue);
        }
    }

    public ClaimMappings {
        required("issuers[].claimMappings.session", session);
        if (subject != null) required("issuers[].claimMappings.subject", subject);
        kinds = list("issuers[].claimMappings.kinds", kinds);
        if (!kinds.isEmpty() && subject == null) {
            throw new InvalidSettings("issuers[].claimMappings.subject is missing, but kinds has entries; write the"
                    + " claim that names the caller, like sub.");
        }
        if (kinds.isEmpty() && KIND.equals(session)) {
            throw new InvalidSettings(
                    "issuers[].claimMappings.session is sub, which names the kind of the caller, so all"
                            + " users would have one session; write another claim, or write kinds.");
        }
    }
}
