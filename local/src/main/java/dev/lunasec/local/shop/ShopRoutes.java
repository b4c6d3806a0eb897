package dev.lunasec.local.shop;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.util.Map;

/** The pages of the shop, and the forms that they send. */
final class ShopRoutes {
    private final String origin;
    private final Pages pages;
    private final ShopSessions sessions;
    private final Storefront storefront;
    private final VaultLogin vaultLogin;

    ShopRoutes(String origin, Pages pages, ShopSessions sessions, Storefront storefront, VaultLogin vaultLogin) {
        this.origin = origin;
        this.pages = pages;
        this.sessions = sessions;
        this.storefront = storefront;
        this.vaultLogin = vaultLogin;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/", ctx -> show(ctx, Page.START));
        routes.get("/sign-up", this::signUpPage);
        routes.get("/profile", this::profilePage);
        routes.get("/support", this::supportPage);
        routes.post("/login", this::logIn);
        routes.post("/logout", this::logOut);
        routes.post("/sign-up", this::signUp);
        routes.post("/support-access", this::letSupportSee);
        routes.post("/support-access/revoke", this::endSupport);
        routes.get(VaultLogin.PATH, this::logInAtVault);
        Pages.FILES.forEach((name, type) ->
                routes.get("/" + name, ctx -> ctx.contentType(type).result(pages.file(name))));
    }

    /** Answers with a page that says in one sentence what is wrong. */
    void showProblem(Context ctx, int status, String sentence) {
        String person = new ShopRequest(ctx, sessions).person();
        ctx.status(status).html(pages.html(Page.PROBLEM, person, sentence));
    }

    private void signUpPage(Context ctx) {
        ShopSession session = seen(ctx, Map.of());
        if (session.customer().isPresent() && session.person() == Person.CUSTOMER) go(ctx, "/profile");
        else show(ctx, Page.SIGN_UP);
    }

    private void profilePage(Context ctx) {
        ShopSession session = seen(ctx, Map.of());
        if (session.customer().isEmpty() && session.person() == Person.CUSTOMER) go(ctx, "/sign-up");
        else show(ctx, Page.PROFILE);
    }

    private void supportPage(Context ctx) {
        storefront.forSupport(seen(ctx, Map.of()));
        show(ctx, Page.SUPPORT);
    }

    /** Whoever asks becomes who they say they are, because the shop is a demonstration. */
    private void logIn(Context ctx) {
        ShopRequest request = new ShopRequest(ctx, sessions);
        Map<String, String> form = request.form(origin);
        Person person = Person.of(form.get("as"));
        ShopSession session = sessions.begin(request.sessionIfAny(), person);
        session.seen().byBrowser("POST", ctx.path(), form);
        // Not every browser keeps a cookie with Secure for http://shop.localhost. A shop with HTTPS adds it.
        ctx.cookie(new Cookie(ShopRequest.COOKIE, session.id(), "/", -1, false, true, null, SameSite.LAX));
        go(ctx, person == Person.CLERK ? "/support" : "/profile");
    }

    private void logOut(Context ctx) {
        ShopRequest request = new ShopRequest(ctx, sessions);
        request.form(origin);
        ShopSession session = request.sessionIfAny();
        if (session != null) sessions.end(session);
        ctx.removeCookie(ShopRequest.COOKIE, "/");
        go(ctx, "/");
    }

    private void signUp(Context ctx) {
        Map<String, String> form = new ShopRequest(ctx, sessions).form(origin);
        storefront.signUp(seen(ctx, form), form);
        go(ctx, "/profile");
    }

    private void letSupportSee(Context ctx) {
        Map<String, String> form = new ShopRequest(ctx, sessions).form(origin);
        storefront.letSupportSee(seen(ctx, form));
        go(ctx, "/profile");
    }

    private void endSupport(Context ctx) {
        Map<String, String> form = new ShopRequest(ctx, sessions).form(origin);
        storefront.endSupport(seen(ctx, form));
        go(ctx, "/profile");
    }

    private void logInAtVault(Context ctx) {
        ShopSession session = seen(ctx, Map.of());
        String state = new ShopRequest(ctx, sessions).parameter("state");
        ctx.header("Referrer-Policy", "no-referrer");
        ctx.redirect(vaultLogin.back(session, state).toString());
    }

    /** The session of the browser, whose panel shows this request. */
    private ShopSession seen(Context ctx, Map<String, String> form) {
        ShopSession session = new ShopRequest(ctx, sessions).session();
        session.seen().byBrowser(ctx.method().name(), ctx.path(), form);
        return session;
    }

    /** The vault's frames work in pages of the shop's own origin alone, so other names of this host lead there. */
    private void show(Context ctx, Page page) {
        if (!origin.equals("http://" + ctx.host())) {
            ctx.redirect(origin + ctx.path());
            return;
        }
        ctx.html(pages.html(page, new ShopRequest(ctx, sessions).person(), ""));
    }

    private static void go(Context ctx, String path) {
        ctx.redirect(path, HttpStatus.SEE_OTHER);
    }
}
