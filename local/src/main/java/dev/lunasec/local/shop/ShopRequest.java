package dev.lunasec.local.shop;

import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a request of a browser. */
final class ShopRequest {
    static final String COOKIE = "shop-session";

    private final Context ctx;
    private final ShopSessions sessions;

    ShopRequest(Context ctx, ShopSessions sessions) {
        this.ctx = ctx;
        this.sessions = sessions;
    }

    /** Who the browser is; null if it has not chosen yet, or if its cookie is not one of this shop. */
    @Nullable
    ShopSession sessionIfAny() {
        return sessions.find(ctx.cookie(COOKIE));
    }

    /** @throws ShopRefusal 403 without a cookie that this shop has made */
    ShopSession session() {
        ShopSession session = sessionIfAny();
        if (session == null)
            throw ShopRefusal.forbidden("The shop does not know this browser; choose on the first page who you are.");
        return session;
    }

    /** Customer, clerk or nobody. */
    String person() {
        ShopSession session = sessionIfAny();
        return session == null ? "nobody" : session.person().label();
    }

    /**
     * The fields of a form. Of a field that is there twice the first one counts.
     *
     * @param origin of the shop
     * @throws ShopRefusal 403 if a page of another origin sent the form, 400 for a form with files
     */
    Map<String, String> form(String origin) {
        String from = ctx.header("Origin");
        if (from != null && !from.equals(origin))
            throw ShopRefusal.forbidden("This form was sent from another site; use the pages of the shop.");
        if (ctx.isMultipart())
            throw ShopRefusal.badInput("The shop takes no files; send the form as application/x-www-form-urlencoded.");
        Map<String, String> form = new LinkedHashMap<>();
        ctx.formParamMap().forEach((name, values) -> {
            // There is no value if it cannot be decoded.
            if (!values.isEmpty()) form.put(name, values.get(0));
        });
        return form;
    }

    /**
     * A parameter of the URL; null if it is missing.
     *
     * @throws ShopRefusal 400 if the URL cannot be decoded
     */
    @Nullable
    String parameter(String name) {
        try {
            return ctx.queryParam(name);
        } catch (IllegalArgumentException e) {
            throw ShopRefusal.badInput("The query of the URL is not percent-encoded; send it again.");
        }
    }
}
