package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.CookieNames;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.session.SameOrigin;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** Finds the credentials of a request: the header {@code authorization}, or else the cookie of a browser. */
final class RequestCredentials {
    /** The reason in the audit log. */
    private static final String NONE = "noCredentials";

    private final @Nullable SameOrigin pages;

    /** @param origin the origin of the tokenizer for browsers; null accepts no cookies */
    RequestCredentials(@Nullable String origin) {
        this.pages = origin == null ? null : new SameOrigin(origin);
    }

    /**
     * The credentials of a request that does something. A cookie counts only if a page of the tokenizer sent it.
     *
     * @throws CallFailed {@link ErrorCode#UNAUTHENTICATED} when there are none, {@link ErrorCode#CROSS_ORIGIN}
     */
    String ofCall(Context ctx) {
        String header = ctx.header("authorization");
        if (header != null) return header;
        String cookie = cookie(ctx);
        if (cookie == null || pages == null) {
            throw new CallFailed(
                    ErrorCode.UNAUTHENTICATED,
                    "There are no credentials; send a JWT or a ServiceAccount token in the header authorization.",
                    NONE);
        }
        pages.check(ctx.header("Origin"), ctx.header("Sec-Fetch-Site"));
        return cookie;
    }

    /**
     * The credentials of a request that only asks whether they are valid, from any page.
     *
     * @throws CallFailed {@link ErrorCode#UNAUTHENTICATED} when there are none
     */
    String ofQuestion(Context ctx) {
        String header = ctx.header("authorization");
        String credentials = header == null && pages != null ? cookie(ctx) : header;
        if (credentials != null) return credentials;
        throw new CallFailed(
                ErrorCode.UNAUTHENTICATED, "This browser is not logged in; begin a login at /session/ensure.", NONE);
    }

    private static @Nullable String cookie(Context ctx) {
        return ctx.cookie(CookieNames.ACCESS_TOKEN);
    }
}
