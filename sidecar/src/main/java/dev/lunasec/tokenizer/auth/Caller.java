package dev.lunasec.tokenizer.auth;

import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.contract.TokenizerSettings.Application;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, after their credentials were checked.
 *
 * @param kind for the audit log
 * @param subject whose credentials these are, for the audit log: {@code shop/application} or {@code serviceaccount:shop/backend}
 * @param issuer the name in the settings of the issuer of the sessions that this caller may name; sessions of two issuers have nothing in
 *     common; null for a caller that may name none
 * @param session the session that grants are given to; empty for a caller without one, as applications are. A secret.
 * @param actions what the caller may do
 */
public record Caller(Kind kind, String subject, @Nullable String issuer, String session, Set<Action> actions) {

    /** The kinds of callers; the {@code sub} claim of a JWT names one in lower case. */
    public enum Kind {
        USER,
        APPLICATION,
        DEVELOPER
    }

    /**
     * A caller with a JWT: an application may do all, others what concerns their own session.
     *
     * @param issuer the name of the JWT's issuer in the settings
     */
    static Caller withJwt(Kind kind, String issuer, String session) {
        Set<Action> actions = kind == Kind.APPLICATION
                ? EnumSet.allOf(Action.class)
                : EnumSet.of(Action.TOKENIZE, Action.DETOKENIZE, Action.METADATA);
        return new Caller(kind, issuer + "/" + kind.name().toLowerCase(Locale.ROOT), issuer, session, actions);
    }

    /** A pod of an application. */
    static Caller pod(Application application) {
        return new Caller(
                Kind.APPLICATION,
                "serviceaccount:" + application.namespace() + "/" + application.name(),
                application.issuer(),
                "",
                application.actions());
    }

    /** Without the session. */
    @Override
    public String toString() {
        return "Caller[" + subject + "]";
    }
}
