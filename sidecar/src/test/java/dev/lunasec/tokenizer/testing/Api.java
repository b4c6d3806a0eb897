package dev.lunasec.tokenizer.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.runtime.TrustedAuthorities;
import dev.lunasec.tokenizer.token.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Calls a tokenizer and a store as any HTTP client would, and shows what came. */
public final class Api {
    /** An answer, whatever it is. */
    public record Answer(int status, HttpHeaders headers, byte[] body) {
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + text(), e);
            }
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode data() {
            return json().path("data");
        }

        /** The stable code of a failure, empty for a success. */
        public String error() {
            return json().path("error").path("name").asText();
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What Java's client writes by itself. */
    private static final Set<String> WRITTEN = Set.of("host", "content-length");

    private final HttpClient http;
    private final URI base;

    public Api(URI base) {
        this(base, TrustedAuthorities.context(null));
    }

    /** For a tokenizer with a certificate of an authority of the test. */
    public Api(URI base, SSLContext tls) {
        this.base = base;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
    }

    public Answer post(String path, String jwt, String body) {
        return send(request(path)
                .header("authorization", jwt)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /**
     * Repeats a call that Redis did not answer in time, because the machine stood still. Each attempt may have had its
     * effect.
     */
    public Answer postUntilRedisAnswers(String path, String jwt, String body) {
        for (int attempt = 1; ; attempt++) {
            Answer answer = post(path, jwt, body);
            boolean late = answer.status() == 503 && answer.error().equals("grantsUnavailable");
            if (!late || attempt == 3) return answer;
        }
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
    }

    public Answer send(HttpRequest.Builder request) {
        return send(http, request);
    }

    private static Answer send(HttpClient http, HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Sends a request to the store that the store refuses. It has a connection of its own, because the store may close
     * one over which it refused a body. A PUT over the same connection would then fail.
     */
    public static Answer sendRefused(HttpRequest.Builder request) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return send(http, request);
        }
    }

    /** Stores a value, and answers its token. */
    public String store(String jwt, byte[] value) {
        Answer answer = post("/tokenize", jwt, "{}");
        int status = upload(answer.data(), value).status();
        if (status != 200) throw new IllegalStateException("upload " + status);
        return answer.data().get("tokenId").textValue();
    }

    public Answer upload(JsonNode data, byte[] value) {
        return send(signed(data, "uploadUrl").PUT(BodyPublishers.ofByteArray(value)));
    }

    public Answer download(JsonNode data) {
        return send(signed(data, "downloadUrl").GET());
    }

    /** A request with the URL and the headers of an answer. */
    public static HttpRequest.Builder signed(JsonNode data, String url) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(data.get(url).textValue())).timeout(Duration.ofSeconds(30));
        data.get("headers").properties().forEach(header -> {
            if (!WRITTEN.contains(header.getKey()))
                request.header(header.getKey(), header.getValue().textValue());
        });
        return request;
    }

    /** A body that names a token. */
    public static String of(String token) {
        return "{\"tokenId\":\"" + token + "\"}";
    }

    /** A token that nobody made. */
    public static String unknownToken() {
        return Token.random().text();
    }
}
