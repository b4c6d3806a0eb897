package dev.lunasec.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls the tokenizer's routes: JSON in, JSON out, and a {@link TokenizerException} for every other answer. */
final class TokenizerApi {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final int LARGEST_ANSWER = 1 << 20;

    private final HttpClient http;
    private final String base;
    private final @Nullable Supplier<String> bearer;
    private final Duration timeout;

    /**
     * Connects when it is first called.
     *
     * @param bearer null to call without credentials
     * @param timeout of each attempt, to the last byte of its answer
     */
    TokenizerApi(HttpClient http, URI base, @Nullable Supplier<String> bearer, Duration timeout) {
        this.http = http;
        this.base = base.toString().replaceAll("/+$", "");
        this.bearer = bearer;
        this.timeout = timeout;
    }

    /** Calls a route, and repeats the call after a failure that may pass. */
    JsonNode post(String path, ObjectNode body) {
        return post(path, body, Retry.Policy.ALWAYS);
    }

    /** Calls a route within the usual time. */
    JsonNode post(String path, ObjectNode body, Retry.Policy policy) {
        return post(path, body, policy, timeout);
    }

    /**
     * Calls a route.
     *
     * @return the {@code data} of the answer
     * @throws TokenizerException for every answer but 200, and for none
     */
    JsonNode post(String path, ObjectNode body, Retry.Policy policy, Duration attemptTimeout) {
        Answer<byte[]> answer = Retry.send(policy, Retry.TOKENIZER_STATUSES, "the tokenizer", () -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofString(body.toString()));
            if (bearer != null) request.header("authorization", "Bearer " + credentials(bearer));
            return whole(TimedBody.send(http, request, attemptTimeout));
        });
        return checked(answer).path("data");
    }

    /** Reads a document that needs no credentials, and returns it whole. */
    JsonNode get(String path) {
        Answer<byte[]> answer = Retry.send(Retry.Policy.ALWAYS, Retry.TOKENIZER_STATUSES, "the tokenizer", () -> {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base + path)).GET();
            return whole(TimedBody.send(http, request, timeout));
        });
        return checked(answer);
    }

    /** A text that an answer must have. */
    static String text(JsonNode data, String name) {
        String text = data.path(name).asText("");
        if (!text.isEmpty()) return text;
        throw new TokenizerException(ErrorCode.UNKNOWN, 200, "The tokenizer's answer has no " + name + ".");
    }

    /** Java's client repeats a header that it rejects in its exception; credentials are never repeated. */
    private static String credentials(Supplier<String> bearer) {
        String credentials = bearer.get().strip();
        if (credentials.chars().allMatch(c -> c > ' ' && c < 0x7f)) return credentials;
        throw new TokenizerException(
                ErrorCode.UNAUTHENTICATED,
                0,
                "The bearer has characters that no header can hold; give a JWT and nothing else.");
    }

    static Answer<byte[]> whole(Answer<InputStream> answer) throws IOException {
        try (InputStream in = answer.body()) {
            return new Answer<>(answer.status(), answer.retryAfter(), answer.etag(), in.readNBytes(LARGEST_ANSWER));
        }
    }

    private static JsonNode checked(Answer<byte[]> answer) {
        JsonNode json;
        try {
            json = JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new TokenizerException(ErrorCode.UNKNOWN, answer.status(), "The answer is not from a tokenizer.");
        }
        if (answer.status() == 200) return json;
        throw refused(json, answer.status());
    }

    /** The failure that an answer tells of. */
    static TokenizerException refused(JsonNode answer, int status) {
        JsonNode error = answer.path("error");
        return new TokenizerException(
                error.path("name").asText(ErrorCode.UNKNOWN.code()),
                status,
                error.path("message").asText("The tokenizer refused the call."),
                error.path("reason").asText(""));
    }
}
