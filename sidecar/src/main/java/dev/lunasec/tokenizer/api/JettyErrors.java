package dev.lunasec.tokenizer.api;

import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.failure.Failure;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers for what the server refuses before any route sees it (a garbled request line, headers over their limit), in the envelope too. */
final class JettyErrors implements Request.Handler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Failed failed = why(response.getStatus());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.write(true, ByteBuffer.wrap(Envelope.failure(failed.failure(), failed.sentence())), callback);
        return true;
    }

    private static Failed why(int status) {
        return switch (status) {
            case 405 -> new Failed(Failure.METHOD_NOT_ALLOWED, "The tokenizer takes GET and POST.");
            case 413, 414, 431 -> new Failed(Failure.TOO_LARGE, "The request line or the headers are over 16 KiB.");
            case 503 -> new Failed(Failure.STOPPING, "The tokenizer is about to end; try again.");
            default ->
                status >= 500
                        ? new Failed(Failure.INTERNAL, "The tokenizer is at fault; tell those who run it.")
                        : new Failed(Failure.BAD_REQUEST, "The request is not one of HTTP that the tokenizer takes.");
        };
    }
}
