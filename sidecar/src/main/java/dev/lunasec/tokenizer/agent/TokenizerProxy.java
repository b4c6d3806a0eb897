package dev.lunasec.tokenizer.agent;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.runtime.BoundedCall;
import dev.lunasec.runtime.ReloadedFiles;
import dev.lunasec.tokenizer.auth.TokenFile;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Calls the tokenizer with the current token of the file, on connections that stay open. */
final class TokenizerProxy implements AutoCloseable {
    /** For a whole call with all its attempts; the tokenizer's own calls to the store and to Redis end before that. */
    private static final Duration CALL = Duration.ofSeconds(30);

    /** The same for the one call during which the store copies a value. */
    private static final Duration COPY = Duration.ofMinutes(10);

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration HEALTH = Duration.ofSeconds(3);
    private static final int LARGEST_ANSWER = 1 << 20;

    private final String base;
    private final TokenFile token;
    private final ReloadedFiles<SSLContext> tls;
    private volatile HttpClient http;

    /** @param tls the trusted authorities; new connections use a renewed one */
    TokenizerProxy(URI tokenizer, TokenFile token, ReloadedFiles<SSLContext> tls) {
        this.base = tokenizer.toString().replaceAll("/+$", "");
        this.token = token;
        this.tls = tls;
        this.http = client(tls.now());
    }

    /** Starts to watch for a renewed authority. */
    void start() {
        // Calls in flight keep the old client, which ends when no call uses it any more.
        tls.follow(renewed -> http = client(renewed));
    }

    /**
     * Calls, with the retries that {@link AgentRetry} allows.
     *
     * @param query null for none
     * @param headers to send; the token is added if there is no {@code authorization}
     * @throws CallFailed {@link ErrorCode#TOKENIZER_UNAVAILABLE}, or {@link ErrorCode#BAD_REQUEST} for what HTTP does
     *     not allow
     */
    HttpResponse<byte[]> call(
            String method, AgentRoute route, @Nullable String query, Map<String, String> headers, byte[] body) {
        String target = query == null ? route.path : route.path + "?" + query;
        HttpRequest request = request(method, target, headers, body);
        long end = System.nanoTime() + (route == AgentRoute.TOKEN_REKEY ? COPY : CALL).toNanos();
        try {
            return Failsafe.with(AgentRetry.within(() -> until(end), route))
                    .get(() -> BoundedCall.send(http, request, until(end), LARGEST_ANSWER));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw new CallFailed(ErrorCode.STOPPING, "The agent is stopping; try again.", e);
            }
            if (!(e.getCause() instanceof IOException failure)) throw e;
            throw new CallFailed(
                    ErrorCode.TOKENIZER_UNAVAILABLE,
                    "The tokenizer gives no answer at the moment; try again soon.",
                    failure);
        }
    }

    private static Duration until(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private HttpRequest request(String method, String target, Map<String, String> headers, byte[] body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + target))
                    .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            headers.forEach(request::header);
            if (!headers.containsKey("authorization")) request.header("authorization", "Bearer " + token.read());
            return request.build();
        } catch (IllegalArgumentException e) {
            // Without the cause: it quotes what it refuses.
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST, "The agent can't forward this HTTP request; POST to /tokenize.");
        } catch (IOException e) {
            throw new CallFailed(
                    ErrorCode.TOKENIZER_UNAVAILABLE,
                    "The token of this pod can't be read at the moment; project a ServiceAccount token into it.",
                    e);
        }
    }

    /** Whether the token can be read. */
    boolean hasToken() {
        try {
            return !token.read().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the tokenizer answers. */
    boolean answers() {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(base + HttpPaths.HEALTH)).build();
            return BoundedCall.send(http, request, HEALTH, LARGEST_ANSWER).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        tls.close();
        http.shutdownNow();
    }

    private static HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(tls)
                .build();
    }
}
