package dev.lunasec.tokenizer.auth;

import dev.lunasec.contract.Issuer;
import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.contract.TokenizerSettings.Application;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, after their credentials were checked.
 *
 * @param kind for the audit log
 * @param subject whose credentials these are, for the audit log: {@code shop/application} or {@code serviceaccount:shop/backend}
 * @param identity to whom the grants belong that are given to no session: the {@code iss} claim and the kind, or the
 *     ServiceAccount
 * @param issuer the {@code iss} claim of the sessions that this caller may name; sessions of two issuers have nothing
 *     in common; null for a caller that may name none
 * @param session the session that grants are given to; empty for a caller without one, as applications are. A secret.
 * @param actions what the caller may do
 */
public record Caller(
        Kind kind,
        String subject,
        String identity,
        @Nullable String issuer,
        String session,
        Set<Action> actions) {

    /** What users and developers may do at most: what concerns their own session. */
    private static final Set<Action> OWN_SESSION =
            Collections.unmodifiableSet(EnumSet.of(Action.TOKENIZE, Action.DETOKENIZE, Action.METADATA));

    /** A caller with a JWT of an issuer. */
    static Caller withJwt(Kind kind, Issuer issuer, String session) {
        Set<Action> actions = EnumSet.copyOf(issuer.actions());
        if (kind != Kind.APPLICATION) actions.retainAll(OWN_SESSION);
        // The name of an issuer may be given to another one later, which must not get the grants of the first.
        return new Caller(
                kind,
                issuer.name() + "/" + kind.claim(),
                issuer.issuer() + "/" + kind.claim(),
                issuer.issuer(),
                session,
                actions);
    }

    /** A pod of an application. */
    static Caller pod(Application application) {
        String account = "serviceaccount:" + application.namespace() + "/" + application.name();
        return new Caller(Kind.APPLICATION, account, account, application.issuer(), "", application.actions());
    }

    /** Without the session. */
    @Override
    public String toString() {
        return "Caller[" + subject + "]";
    }
}
