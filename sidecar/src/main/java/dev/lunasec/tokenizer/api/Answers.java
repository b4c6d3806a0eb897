package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.Envelope;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;

/**
 * Prepares answers with the headers that all of them have, and sends them. A route prepares its answer, and the server
 * sends it when the audit log has its line.
 */
final class Answers {
    static final String JSON = "application/json";

    private static final String BODY = Answers.class.getName();

    private Answers() {}

    /**
     * Adds a route that GET and HEAD read, with the same headers. Without a handler of its own for HEAD, Javalin answers
     * it with 200 and none of them.
     */
    static void addReadable(RoutesConfig routes, String path, Handler answer) {
        routes.get(path, answer);
        routes.head(path, answer);
    }

    /** Prepares an answer of JSON, which replaces one that was prepared before. */
    static void json(Context ctx, int status, byte[] body) {
        prepare(ctx, status, JSON, body);
    }

    /** @param body in UTF-8 */
    static void prepare(Context ctx, int status, String contentType, byte[] body) {
        ctx.attribute(BODY, body);
        ctx.status(status)
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .contentType(contentType);
    }

    /** Sends the answer that was prepared. The caller can have it before this method returns. */
    static void send(Context ctx) {
        byte[] body = ctx.attribute(BODY);
        if (body == null) throw new IllegalStateException("no answer was prepared");
        if (!JsonBody.isRead(ctx)) {
            // Jetty sends it when the handler has returned, also with the length. It then knows whether it can read the
            // rest of the body, and otherwise closes the connection and says so in a header.
            ctx.result(body);
            return;
        }
        try {
            // With the length, Jetty sends headers and body in one write, and copies neither.
            ctx.res().setContentLength(body.length);
            ctx.res().getOutputStream().write(body);
        } catch (IOException e) {
            // The caller has closed the connection, or did not take the answer in time: nobody is left to tell.
        }
    }

    /** Prepares the code, the status and the sentence of a failure. */
    static void refuse(Context ctx, CallFailed failed) {
        if (failed.failure().isRetryable()) ctx.header("Retry-After", Envelope.RETRY_AFTER_SECONDS);
        json(ctx, failed.failure().status(), Envelope.failure(failed));
    }

    /** Sends a failure, unless a route has answered. */
    static void refuseUnlessAnswered(Context ctx, ErrorCode failure, String message) {
        byte[] answered = ctx.attribute(BODY);
        if (answered != null) return;
        refuse(ctx, new CallFailed(failure, message));
        byte[] body = ctx.attribute(BODY);
        // Javalin has an answer of its own, which this one replaces. It would follow an answer that is sent already.
        ctx.result(body);
    }
}
