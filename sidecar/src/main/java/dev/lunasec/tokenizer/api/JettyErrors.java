package dev.lunasec.tokenizer.api;

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
        Failure failure = response.getStatus() >= 500 ? Failure.INTERNAL : Failure.BAD_REQUEST;
        String message = failure == Failure.INTERNAL
                ? "The tokenizer could not answer."
                : "The request is not one of HTTP that the tokenizer takes.";
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.write(true, ByteBuffer.wrap(Envelope.failure(failure, message)), callback);
        return true;
    }
}
