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
 * @param subject whose credentials these are, for the audit log: {@code shop/application}, {@code keycloak/user/7f3a}
 *     or {@code serviceaccount:shop/backend}
 * @param identity to whom the grants belong that are given to no session: the {@code iss} claim and the kind, and the
 *     subject of an application; or the ServiceAccount
 * @param issuer the {@code iss} claim of the sessions that this caller may name; sessions of two issuers have nothing
 *     in common; null for a caller that may name none
 * @param session the session that grants are given to; empty for a caller without one, as applications are. A secret.
 * @param actions what the caller may do
 * @param frame what a frame with an access token may do; null for every other caller
 */
public record Caller(
        Kind kind,
        String subject,
        String identity,
        @Nullable String issuer,
        String session,
        Set<Action> actions,
        @Nullable FrameAccess frame) {

    /** What users and developers may do at most: what concerns their own session. */
    public static final Set<Action> OF_USERS =
            Collections.unmodifiableSet(EnumSet.of(Action.TOKENIZE, Action.DETOKENIZE, Action.METADATA));

    /** A caller that is no frame. */
    public Caller(
            Kind kind, String subject, String identity, @Nullable String issuer, String session, Set<Action> actions) {
        this(kind, subject, identity, issuer, session, actions, null);
    }

    /**
     * A frame with an access token. It is a user of its issuer, and shares the places of these users. The pseudonym
     * takes the place of the session, which the access token does not hold.
     */
    public static Caller ofFrame(FrameAccess access) {
        return new Caller(
                Kind.USER,
                "frame",
                identity(access.issuer(), Kind.USER),
                access.issuer(),
                access.holder(),
                access.purpose().actions(),
                access);
    }

    /**
     * A caller with a JWT of an issuer.
     *
     * @param subject null when the claims name only the kind
     * @param allowed what the issuer allows to callers of this kind; users and developers get what concerns their
     *     session
     */
    static Caller withJwt(Kind kind, Issuer issuer, @Nullable String subject, String session, Set<Action> allowed) {
        Set<Action> actions = EnumSet.copyOf(allowed);
        if (kind != Kind.APPLICATION) actions.retainAll(OF_USERS);
        String name = issuer.name() + "/" + kind.claim();
        // The name of an issuer may be given to another one later, which must not get the grants of the first.
        String identity = identity(issuer.issuer(), kind);
        // No iss claim has a line break, so no two applications have the same identity.
        if (kind == Kind.APPLICATION && subject != null) identity += "\n" + subject;
        return new Caller(
                kind, subject == null ? name : name + "/" + subject, identity, issuer.issuer(), session, actions);
    }

    /** A pod of an application. */
    static Caller pod(Application application) {
        String account = "serviceaccount:" + application.namespace() + "/" + application.name();
        return new Caller(Kind.APPLICATION, account, account, application.issuer(), "", application.actions());
    }

    private static String identity(String issuer, Kind kind) {
        return issuer + "/" + kind.claim();
    }

    /** Without the session. */
    @Override
    public String toString() {
        return "Caller[" + subject + "]";
    }
}
