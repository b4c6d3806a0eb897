package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lunasec.contract.HttpHeaders;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.runtime.BoundedConnector;
import dev.lunasec.tokenizer.api.Places.Place;
import dev.lunasec.tokenizer.audit.AuditLog;
import dev.lunasec.tokenizer.auth.Authenticator;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.auth.SessionLock;
import dev.lunasec.tokenizer.frame.FramePage;
import dev.lunasec.tokenizer.http.Envelope;
import dev.lunasec.tokenizer.http.Listener;
import dev.lunasec.tokenizer.session.FrameSessions;
import dev.lunasec.tokenizer.session.Logins;
import dev.lunasec.tokenizer.vault.Vault;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokenizer's port: it authenticates callers, asks the vault, answers in the envelope, and writes the audit log.
 * The class is long because it registers the routes of each kind.
 */
public final class TokenizerServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TokenizerServer.class);

    /** The most calls in flight. */
    public static final int AT_ONCE = 512;

    private final Vault vault;
    private final Authenticator authenticator;
    private final AuditLog audit;
    private final MeterRegistry metrics;
    private final Failures failures = new Failures();
    private final Places places;
    private final RequestCredentials credentials;
    private final SessionRoutes sessions;
    private final FrameSessions frames;
    private final RedeemRoute redeem;
    private final SessionEndRoute end;
    private final FrameRoutes pages;
    private final Map<String, Service> simple;
    private final Batches batches;
    private final Listener listener;
    private final Javalin javalin;

    /**
     * Does not listen yet.
     *
     * @param logins ends with credentials that the authenticator accepts
     * @param frames the codes and access tokens of frames that get no cookie
     * @param page of the secure frame; it knows how browsers reach the server
     * @param simpleApi whether callers without credentials can use the Simple API
     * @param atOnce the most calls in flight; the server rejects any more with 429
     */
    public TokenizerServer(
            Listener listener,
            Vault vault,
            Authenticator authenticator,
            Logins logins,
            FrameSessions frames,
            FramePage page,
            boolean simpleApi,
            AuditLog audit,
            MeterRegistry metrics,
            int atOnce) {
        this.places = new Places(atOnce, metrics);
        this.credentials = new RequestCredentials(page.frame().origin());
        this.sessions = new SessionRoutes(
                logins, authenticator, credentials, page.frame().allowedOrigins(), vault, places);
        this.frames = frames;
        this.redeem = new RedeemRoute(frames, page.frame().origin(), vault, places);
        this.end = new SessionEndRoute(page.frame().origin(), page.frame().allowedOrigins());
        this.pages = new FrameRoutes(page);
        this.simple = simpleApi ? new SimpleRoutes(vault, places).byPath() : Map.of();
        this.batches = new Batches(failures, audit, metrics);
        this.listener = listener;
        this.vault = vault;
        this.authenticator = authenticator;
        this.audit = audit;
        this.metrics = metrics;
        this.javalin = Javalin.create(this::configure);
    }

    /**
     * Listens.
     *
     * @throws IOException when the port is taken
     */
    public void start() throws IOException {
        try {
            javalin.start();
        } catch (JavalinException e) {
            throw new IOException("the port for callers, " + listener.port() + ", is in use", e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return javalin.port();
    }

    /** Accepts no more requests, and waits for those in flight, at most {@link Listener#STOP}. */
    @Override
    public void close() {
        javalin.stop();
        listener.close();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.concurrency.useVirtualThreads = true;
        config.http.defaultContentType = Answers.JSON;
        config.http.prefer405over404 = true;
        // Answers are small, and hold keys beside texts that callers choose.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        // Clients whose base URL ends in a slash send //grant/set.
        config.router.treatMultipleSlashesAsSingleSlash = true;
        config.jetty.modifyHttpConfiguration(Listener::harden);
        config.jetty.addConnector((server, http) -> listener.connector(server, http, metrics));
        config.jetty.modifyServer(Listener::prepare);
        for (Route route : Route.values()) {
            config.routes.post(
                    route.path, ctx -> serve(ctx, route.path, (call, decision) -> decide(call, route, decision)));
        }
        SessionRoutes.BY_PATH.forEach((path, step) -> config.routes.get(
                path, ctx -> serve(ctx, path, (call, decision) -> step.serve(sessions, call, decision))));
        config.routes.post(HttpPaths.SESSION_REDEEM, ctx -> serve(ctx, HttpPaths.SESSION_REDEEM, redeem));
        config.routes.post(HttpPaths.SESSION_END, ctx -> serve(ctx, HttpPaths.SESSION_END, end));
        simple.forEach((path, service) -> config.routes.post(path, ctx -> serve(ctx, path, service)));
        for (PublicRoute route : PublicRoute.values()) {
            Answers.addReadable(config.routes, route.path, ctx -> {
                Answers.prepare(ctx, 200, route.contentType, route.document(vault));
                Answers.send(ctx);
            });
        }
        pages.addTo(config.routes);
        config.routes.exception(Exception.class, (e, ctx) -> {
            log.error("a request failed outside of every route because of a bug", e);
            Answers.refuse(ctx, Failures.bug());
            Answers.send(ctx);
        });
        OtherRequests.addTo(config.routes);
    }

    private void serve(Context ctx, String path, Service service) {
        Timer.Sample time = Timer.start(metrics);
        AuditContext decision = new AuditContext(path);
        try {
            service.serve(ctx, decision);
        } catch (IOException | RuntimeException e) {
            Answers.refuse(ctx, failures.report(path, decision, e));
        } finally {
            if (decision.hasLine()) audit.write(decision.line());
            time.stop(Timer.builder("tokenizer.requests")
                    .tag("route", path)
                    .tag("result", decision.result())
                    .register(metrics));
        }
        Answers.send(ctx);
    }

    /**
     * Authenticates the caller, checks its actions, reads the body, and serves the call. Only the last step takes
     * places.
     */
    private void decide(Context ctx, Route route, AuditContext decision) throws IOException {
        Caller frame = frames.caller(ctx.header("authorization"));
        Caller caller = frame != null ? frame : authenticator.authenticate(credentials.ofCall(ctx));
        BoundedConnector.callerIsKnown(ctx.req().getAttribute(BoundedConnector.CONNECTION));
        String holder = vault.holder(caller, caller.session());
        decision.caller(caller, holder);
        String lock = ctx.header(HttpHeaders.SESSION_HASH);
        if (lock == null) ctx.header(HttpHeaders.SESSION_HASH, SessionLock.hash(caller));
        SessionLock.check(lock, caller);
        route.admit(caller);
        if (route.item != null) decision.isBatch();
        try (Place counted = places.count(caller, holder, route.weight())) {
            byte[] body = JsonBody.read(ctx, route.weight());
            try (Place place = places.take(caller, route.weight())) {
                JsonNode json = RequestJson.parse(body, route.item != null);
                Call call = new Call(vault, batches, frames, caller, holder, json, decision);
                Answers.json(ctx, 200, Envelope.success(route.begin(call).finish()));
                decision.succeeded();
            }
        }
    }
}
