package dev.lunasec.local.shop;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import io.javalin.util.JavalinException;
import java.net.URI;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shop of {@code ./run}: a customer signs up with a card and a scan of a passport, and support sees the card only
 * while the customer allows it. The shop keeps tokens. It lets everybody act as a customer or as the clerk.
 */
public final class Shop implements AutoCloseable {
    /** The path of its login page, to which the vault sends browsers. */
    public static final String LOGIN = VaultLogin.PATH;

    private static final Logger log = LoggerFactory.getLogger(Shop.class);
    private static final long LARGEST_FORM = 16 << 10;

    private final ShopSettings settings;
    private final Pages pages;
    private final Customers customers;
    private final VaultGrants vault;
    private final ShopRoutes routes;
    private final ShopJson json;
    private final Javalin server;

    /**
     * Starts to serve.
     *
     * @throws IllegalStateException if the port is in use, or the database cannot be made
     */
    public Shop(ShopSettings settings) {
        this.settings = settings;
        this.pages = new Pages(settings.vaultOrigin());
        this.customers = new Customers(settings.database());
        this.vault = new VaultGrants(settings.vault(), () -> settings.jwts().jwt("application", ""));
        ShopSessions sessions = new ShopSessions();
        Storefront storefront = new Storefront(customers, sessions, vault, Clock.systemUTC());
        VaultLogin login = new VaultLogin(sessions, settings.jwts(), settings.vaultOrigin());
        this.routes = new ShopRoutes(settings.origin(), pages, sessions, storefront, login);
        this.json = new ShopJson(sessions, storefront, settings.bucket());
        this.server = Javalin.create(this::configure);
        try {
            server.start("127.0.0.1", settings.port());
        } catch (JavalinException e) {
            close();
            throw new IllegalStateException("The port " + settings.port() + " of the shop is in use.", e);
        }
    }

    /** Where programs on this machine reach it; browsers use its origin. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.stop();
        vault.close();
        customers.close();
        settings.bucket().close();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.concurrency.useVirtualThreads = true;
        config.http.maxRequestSize = LARGEST_FORM;
        config.routes.before(this::addHeaders);
        routes.addTo(config.routes);
        json.addTo(config.routes);
        config.routes.exception(ShopRefusal.class, (refusal, ctx) -> answer(ctx, refusal.status(), refusal.sentence()));
        // Javalin itself refuses, for example a body that is too large.
        config.routes.exception(
                HttpResponseException.class,
                (e, ctx) -> answer(
                        ctx,
                        e.getStatus(),
                        e instanceof NotFoundResponse
                                ? "The shop has no such page; go to its first page."
                                : "The shop does not take such a request; use its pages."));
        config.routes.exception(Exception.class, (e, ctx) -> {
            log.error("a request of the shop failed because of a bug", e);
            answer(ctx, 500, "The shop failed because of a bug; try again.");
        });
    }

    private void addHeaders(Context ctx) {
        ctx.header("Content-Security-Policy", pages.policy());
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Referrer-Policy", "same-origin");
        ctx.header("Cross-Origin-Resource-Policy", "same-origin");
        ctx.header("Cache-Control", "no-store");
    }

    private void answer(Context ctx, int status, String sentence) {
        if (!ctx.path().startsWith(ShopJson.PATH)) routes.showProblem(ctx, status, sentence);
        else ShopJson.answer(ctx.status(status), ShopJson.failure(sentence));
    }
}
