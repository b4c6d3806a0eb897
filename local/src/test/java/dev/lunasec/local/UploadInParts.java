package dev.lunasec.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.BucketLayout;
import dev.lunasec.contract.HttpPaths;
import dev.lunasec.runtime.TrustedAuthorities;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An upload in parts that a test sends step by step, as a program without the client does. Nothing is repeated. */
final class UploadInParts implements AutoCloseable {
    /**
     * An answer of the tokenizer.
     *
     * @param error its code; empty for none
     */
    record Answer(int status, String error) {
        static final Answer DONE = new Answer(200, "");
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String NEVER_SENT = "00000000000000000000000000000000";

    private final URI tokenizer;
    private final Supplier<String> jwt;
    private final byte[] value;
    private final HttpClient http;
    private final ObjectNode names;
    private final int partSize;
    private final Map<Integer, String> etags = new HashMap<>();
    private String object = "";

    /**
     * Begins the upload.
     *
     * @param jwt makes the caller's credentials
     * @param authority of the store's certificate, in PEM; null for the public ones
     */
    UploadInParts(URI tokenizer, Supplier<String> jwt, @Nullable String authority, byte[] value)
            throws IOException, InterruptedException {
        this.tokenizer = tokenizer;
        this.jwt = jwt;
        this.value = value;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(DEADLINE)
                .sslContext(TrustedAuthorities.context(authority))
                .build();
        JsonNode started =
                data(post(HttpPaths.UPLOAD_START, JSON.createObjectNode().put("size", value.length)));
        this.partSize = started.get("partSize").intValue();
        this.names = JSON.createObjectNode();
        names.set("tokenId", started.get("tokenId"));
        names.set("uploadId", started.get("uploadId"));
    }

    String token() {
        return names.get("tokenId").textValue();
    }

    /** The name of the object in the bucket; known once a part was sent. */
    String object() {
        return object;
    }

    /** Sends one part to the store. */
    void send(int part) throws IOException, InterruptedException {
        ObjectNode range = names.deepCopy().put("first", part).put("count", 1);
        JsonNode signed = data(post(HttpPaths.UPLOAD_PARTS, range)).at("/parts/0");
        URI url = URI.create(signed.get("uploadUrl").textValue());
        object = url.getPath().substring(url.getPath().indexOf(BucketLayout.OBJECTS));
        byte[] content = Arrays.copyOfRange(value, (part - 1) * partSize, Math.min(part * partSize, value.length));
        HttpRequest.Builder put =
                HttpRequest.newBuilder(url).timeout(DEADLINE).PUT(BodyPublishers.ofByteArray(content));
        signed.get("headers").properties().forEach(header -> {
            // Java's client writes these two itself.
            boolean own = header.getKey().equals("host") || header.getKey().equals("content-length");
            if (!own) put.header(header.getKey(), header.getValue().textValue());
        });
        HttpResponse<String> stored = http.send(put.build(), BodyHandlers.ofString());
        if (stored.statusCode() != 200) {
            throw new IOException(
                    "the store answers " + stored.statusCode() + " to part " + part + ": " + stored.body());
        }
        etags.put(part, stored.headers().firstValue("etag").orElseThrow());
    }

    /** Completes the upload with these parts, whether they were sent or not. */
    Answer complete(int... parts) throws IOException, InterruptedException {
        ObjectNode complete = names.deepCopy();
        ArrayNode named = complete.putArray("parts");
        for (int part : parts) {
            named.addObject().put("part", part).put("etag", etags.getOrDefault(part, NEVER_SENT));
        }
        return answer(post(HttpPaths.UPLOAD_COMPLETE, complete));
    }

    Answer abort() throws IOException, InterruptedException {
        return answer(post(HttpPaths.UPLOAD_ABORT, names));
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpResponse<String> post(String path, ObjectNode body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(tokenizer.resolve(path))
                        .timeout(DEADLINE)
                        .header("authorization", jwt.get())
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build(),
                BodyHandlers.ofString());
    }

    private static Answer answer(HttpResponse<String> answer) throws IOException {
        return new Answer(
                answer.statusCode(),
                JSON.readTree(answer.body()).at("/error/name").asText(""));
    }

    private static JsonNode data(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) throw new IOException("the tokenizer answers " + answer.body());
        return JSON.readTree(answer.body()).get("data");
    }
}
