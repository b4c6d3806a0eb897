package dev.lunasec.tokenizer.http;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers in the envelope if no route does: to requests that the web server rejects itself (a malformed request line,
 * headers over their limit), and for the agent.
 */
public final class ErrorResponses implements Request.Handler {
    /** Refuses a request, with the status, the headers and the body that every refusal has. */
    public static void refuse(Response response, Callback callback, CallFailed failed) {
        response.setStatus(failed.failure().status());
        write(response, callback, failed);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        write(response, callback, why(response.getStatus()));
        return true;
    }

    private static void write(Response response, Callback callback, CallFailed failed) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        if (failed.failure().isRetryable()) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, Envelope.RETRY_AFTER_SECONDS);
        }
        response.write(true, ByteBuffer.wrap(Envelope.failure(failed)), callback);
    }

    private static CallFailed why(int status) {
        return switch (status) {
            case 405 -> new CallFailed(ErrorCode.METHOD_NOT_ALLOWED, "Use GET or POST.");
            case 413, 414, 431 ->
                new CallFailed(ErrorCode.TOO_LARGE, "The request line or the headers are over 16 KiB.");
            case 505 -> new CallFailed(ErrorCode.BAD_REQUEST, "The version of HTTP is not 1.1; send HTTP/1.1.");
            case 503 -> new CallFailed(ErrorCode.STOPPING, "The tokenizer is stopping; try again.");
            default ->
                status >= 500
                        ? new CallFailed(
                                ErrorCode.INTERNAL,
                                "The tokenizer failed because of a bug; tell the people who run it.")
                        : new CallFailed(ErrorCode.BAD_REQUEST, "The request is not valid HTTP.");
        };
    }
}
