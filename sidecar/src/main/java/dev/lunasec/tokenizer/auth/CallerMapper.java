package dev.lunasec.tokenizer.auth;

import dev.lunasec.contract.ClaimMappings;
import dev.lunasec.contract.ClaimMappings.KindMapping;
import dev.lunasec.contract.ClaimRule;
import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides from the claims of a JWT who calls, as the entry of its issuer in {@code spec.auth.issuers} says. */
final class CallerMapper {
    private static final int LONGEST_SESSION = 512;

    /** OpenID Connect Core 1.0, 2: a subject has at most 255 characters. */
    private static final int LONGEST_SUBJECT = 255;

    private final Issuer issuer;
    private final ClaimMappings mappings;

    CallerMapper(Issuer issuer) {
        this.issuer = issuer;
        this.mappings = issuer.claimMappings();
    }

    /**
     * The caller.
     *
     * @param claims of a JWT that is valid and of this issuer
     * @throws CallFailed {@link dev.lunasec.contract.ErrorCode#UNAUTHENTICATED} naming the claim that is absent or
     *     wrong
     */
    Caller caller(JwtClaims claims) {
        for (ClaimRule rule : issuer.claimValidationRules()) {
            if (claims.meet(rule)) continue;
            throw Refusal.RULE_NOT_MET.ofJwt("does not have the value of the claim " + rule.claim()
                    + " that its issuer's claimValidationRules require");
        }
        if (mappings.kinds().isEmpty()) {
            return caller(claims, kindInSubject(claims), issuer.actions(), session(claims));
        }
        for (KindMapping mapping : mappings.kinds()) {
            if (!claims.meet(mapping.condition())) continue;
            // The application is its subject: with a session of its own, it could not use grants for itself.
            String session = mapping.kind() == Kind.APPLICATION ? "" : session(claims);
            return caller(claims, mapping.kind(), mapping.actions(), session);
        }
        throw Refusal.NO_KIND.ofJwt("meets no condition of claimMappings.kinds; add one for it to the entry "
                + issuer.name() + " of spec.auth.issuers");
    }

    private Caller caller(JwtClaims claims, Kind kind, Set<Action> actions, String session) {
        if (!issuer.kinds().contains(kind)) {
            throw Refusal.KIND_NOT_ALLOWED.ofJwt("has the kind " + kind.claim()
                    + ", for which its issuer may not sign; add the kind to the entry " + issuer.name()
                    + " of spec.auth.issuers");
        }
        // Without a session, all callers of this kind would be the same holder of grants.
        if (kind != Kind.APPLICATION && session.isEmpty()) {
            throw Refusal.NO_SESSION.ofJwt("is of a " + kind.claim() + " and has no " + mappings.session()
                    + "; have its issuer add this claim");
        }
        return Caller.withJwt(kind, issuer, subject(claims), session, actions);
    }

    private String session(JwtClaims claims) {
        return claims.text(mappings.session(), LONGEST_SESSION);
    }

    private @Nullable String subject(JwtClaims claims) {
        if (mappings.subject() == null) return null;
        String subject = claims.text(mappings.subject(), LONGEST_SUBJECT);
        if (!subject.isEmpty()) return subject;
        throw Refusal.WRONG_CLAIM.ofJwt("has no " + mappings.subject());
    }

    private static Kind kindInSubject(JwtClaims claims) {
        String subject = claims.text("sub", Integer.MAX_VALUE);
        for (Kind kind : Kind.values()) {
            if (kind.claim().equals(subject)) return kind;
        }
        throw Refusal.NO_KIND.ofJwt("has a sub that is not user, application or developer; have its issuer sign one of"
                + " these, or say in claimMappings.kinds which claims make the caller a user");
    }
}
