package dev.lunasec.runtime;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An HTTP call whose whole answer, the body included, must arrive within a deadline and must not exceed a size. */
public final class BoundedCall {
    /** There was no connection, or it broke before the answer began: the server may not have received the request. */
    public static final class NoAnswer extends IOException {
        private static final long serialVersionUID = 1;

        private NoAnswer(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private BoundedCall() {}

    /**
     * Sends a request and waits for the whole answer.
     *
     * @param deadline for the whole call; the timeouts of Java's client cover only the headers of the answer
     * @param largest the maximum size of the body, in bytes
     * @throws NoAnswer when the connection failed before the headers of the answer arrived
     * @throws IOException when there is no answer in time, the connection fails or the body is larger
     */
    public static HttpResponse<byte[]> send(HttpClient http, HttpRequest request, Duration deadline, int largest)
            throws IOException, InterruptedException {
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<HttpResponse<byte[]>> call = http.sendAsync(request, head -> {
            begun.set(true);
            return new BoundedBody(largest);
        });
        try {
            return call.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("there was no answer within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (!begun.get()) throw new NoAnswer(why(e.getCause()), e.getCause());
            throw new IOException(why(e.getCause()), e.getCause());
        } finally {
            // Also ends the exchange of a call whose deadline passed.
            call.cancel(true);
        }
    }

    private static String why(@Nullable Throwable cause) {
        if (cause instanceof ConnectException) return "there is no connection";
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : "the call failed";
    }
}
