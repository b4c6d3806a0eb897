package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.Envelope;
import io.javalin.http.Context;

/** Writes answers with the headers that all of them have. */
final class Answers {
    static final String JSON = "application/json";

    private static final String WRITTEN = "answered";

    private Answers() {}

    /** Answers with JSON. */
    static void json(Context ctx, int status, byte[] body) {
        write(ctx, status, JSON, body);
    }

    /** @param body in UTF-8 */
    static void write(Context ctx, int status, String contentType, byte[] body) {
        ctx.attribute(WRITTEN, true);
        ctx.status(status)
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .contentType(contentType)
                .result(body);
    }

    /** Answers with the code, the status and the sentence of a failure. */
    static void refuse(Context ctx, CallFailed failed) {
        if (failed.failure().isRetryable()) ctx.header("Retry-After", Envelope.RETRY_AFTER_SECONDS);
        json(ctx, failed.failure().status(), Envelope.failure(failed));
    }

    /** Answers with a failure, unless a route has answered. */
    static void refuseUnlessAnswered(Context ctx, ErrorCode failure, String message) {
        if (ctx.attribute(WRITTEN) == null) refuse(ctx, new CallFailed(failure, message));
    }
}
