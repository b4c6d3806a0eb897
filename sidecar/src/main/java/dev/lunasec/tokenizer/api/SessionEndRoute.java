package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.Envelope;
import dev.lunasec.tokenizer.session.Logins;
import dev.lunasec.tokenizer.session.SameOrigin;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The route with which a page of the application logs its user out at the tokenizer: the answer takes the cookie away.
 * It needs no credentials, because it takes only what the browser itself holds. It says nothing of who was logged in.
 */
final class SessionEndRoute implements Service {
    private static final Set<String> OTHER_ORIGIN = Set.of("same-site", "cross-site");

    private final @Nullable SameOrigin pages;
    private final List<String> allowedOrigins;

    /**
     * @param origin the origin of the tokenizer for browsers; null if it has none
     * @param allowedOrigins of the pages that can log their user out
     */
    SessionEndRoute(@Nullable String origin, List<String> allowedOrigins) {
        this.pages = origin == null ? null : new SameOrigin(origin);
        this.allowedOrigins = allowedOrigins;
    }

    @Override
    public void serve(Context ctx, AuditContext audit) {
        requirePage(ctx.header("Origin"), ctx.header("Sec-Fetch-Site"));
        SessionRoutes.allowOrigin(ctx, allowedOrigins);
        SessionRoutes.setCookies(ctx, Logins.forgotten());
        Answers.json(ctx, 200, Envelope.success(new NoAnswer()));
        audit.succeeded();
    }

    /** Any other page could log out the users of the application, again and again. */
    private void requirePage(@Nullable String origin, @Nullable String site) {
        if (pages != null && pages.isProven(origin, site)) return;
        boolean allowed = origin != null && allowedOrigins.contains(origin);
        if (allowed && (site == null || OTHER_ORIGIN.contains(site))) return;
        throw new CallFailed(
                ErrorCode.CROSS_ORIGIN,
                "Only a page of frame.allowedOrigins logs its user out; call it with fetch from such a page.");
    }
}
