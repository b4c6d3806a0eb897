package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.CookieNames;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpHeaders;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.runtime.BoundedConnector;
import dev.lunasec.tokenizer.api.Places.Place;
import dev.lunasec.tokenizer.auth.Authenticator;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.SessionLock;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.Envelope;
import dev.lunasec.tokenizer.session.Logins;
import dev.lunasec.tokenizer.session.Logins.Begun;
import dev.lunasec.tokenizer.session.Logins.LoggedIn;
import dev.lunasec.tokenizer.vault.Vault;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routes with which a browser logs in. A page calls them with {@code fetch}: the first redirects to the issuer,
 * which redirects to the second, and the third says whether it worked.
 */
final class SessionRoutes {
    /** What a route does with a request. */
    interface Step {
        void serve(SessionRoutes routes, Context ctx, AuditContext audit);
    }

    /** The routes, which all take {@code GET}. */
    static final Map<String, Step> BY_PATH = Map.of(
            HttpPaths.SESSION_ENSURE, SessionRoutes::ensure,
            HttpPaths.SESSION_CREATE, SessionRoutes::create,
            HttpPaths.SESSION_VERIFY, SessionRoutes::verify);

    private final Logins logins;
    private final Authenticator authenticator;
    private final RequestCredentials credentials;
    private final List<String> allowedOrigins;
    private final Vault vault;
    private final Places places;

    /** @param allowedOrigins of the pages that can read the answer of {@code /session/verify} */
    SessionRoutes(
            Logins logins,
            Authenticator authenticator,
            RequestCredentials credentials,
            List<String> allowedOrigins,
            Vault vault,
            Places places) {
        this.logins = logins;
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.allowedOrigins = allowedOrigins;
        this.vault = vault;
        this.places = places;
    }

    /** Begins a login. No caller is authenticated yet. */
    private void ensure(Context ctx, AuditContext audit) {
        hideUrl(ctx);
        try (Place place = places.takeForLogin()) {
            Begun begun = logins.begin(query(ctx, "auth_provider"));
            setCookies(ctx, List.of(begun.cookie()));
            ctx.header("Location", begun.page().toString());
            answer(ctx, 302, audit);
        }
    }

    /** Ends a login. */
    private void create(Context ctx, AuditContext audit) {
        hideUrl(ctx);
        try (Place place = places.takeForLogin()) {
            LoggedIn user = logins.end(query(ctx, "state"), ctx.cookie(CookieNames.STATE), query(ctx, "openid_token"));
            known(ctx, user.caller(), audit);
            setCookies(ctx, user.cookies());
            ctx.header(HttpHeaders.SESSION_HASH, SessionLock.hash(user.caller()));
            answer(ctx, 200, audit);
        }
    }

    /**
     * Says whether the browser is logged in. The status is 200 in both cases, so that a page that may not read the
     * answer learns nothing from the status either.
     */
    private void verify(Context ctx, AuditContext audit) {
        allowOrigin(ctx, allowedOrigins);
        try {
            Caller caller = authenticator.authenticate(credentials.ofQuestion(ctx));
            known(ctx, caller, audit);
            // Pages of other origins cannot read this header; the frame locks itself to the session with it.
            ctx.header(HttpHeaders.SESSION_HASH, SessionLock.hash(caller));
            answer(ctx, 200, audit);
        } catch (CallFailed failed) {
            if (failed.failure().status() == 503) throw failed;
            audit.failed(failed);
            Answers.json(ctx, 200, Envelope.failure(failed));
        }
    }

    private void known(Context ctx, Caller caller, AuditContext audit) {
        BoundedConnector.callerIsKnown(ctx.req().getAttribute(BoundedConnector.CONNECTION));
        audit.caller(caller, vault.holder(caller, caller.session()));
    }

    /** Lets the pages of the settings read the answer. */
    static void allowOrigin(Context ctx, List<String> allowedOrigins) {
        ctx.header("Vary", "Origin");
        String origin = ctx.header("Origin");
        if (origin == null || !allowedOrigins.contains(origin)) return;
        ctx.header("Access-Control-Allow-Origin", origin);
        ctx.header("Access-Control-Allow-Credentials", "true");
    }

    static void setCookies(Context ctx, List<String> cookies) {
        for (String cookie : cookies) ctx.res().addHeader("Set-Cookie", cookie);
    }

    private static void answer(Context ctx, int status, AuditContext audit) {
        Answers.json(ctx, status, Envelope.success(new NoAnswer()));
        audit.succeeded();
    }

    /** The URLs of a login hold a state or a JWT, which no other site may learn. */
    private static void hideUrl(Context ctx) {
        ctx.header("Referrer-Policy", "no-referrer");
    }

    /** A parameter of the URL; null when it is missing. */
    static @Nullable String query(Context ctx, String name) {
        try {
            return ctx.queryParam(name);
        } catch (IllegalArgumentException e) {
            // The exception's text repeats what was sent.
            throw new CallFailed(ErrorCode.BAD_REQUEST, "The query of the URL is not percent-encoded; send it again.");
        }
    }
}
