package dev.lunasec.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.client.Retry.Again;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Stores and reads secrets through a tokenizer. It may be shared by all threads. Every method throws {@link TokenizerException} with
 * the name of what went wrong.
 *
 * <p>A call without an answer, or whose answer asks for it, is tried again, up to three times; not so a stream's upload, as it can be
 * read once alone. That does no harm but to grants with limited uses: where the answer of a read is lost, the second try takes a second
 * use.
 */
public final class TokenizerClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_ANSWER = 1 << 20;

    private final String base;
    private final @Nullable Supplier<String> bearer;
    private final Duration callTimeout;
    private final Duration transferTimeout;
    private final HttpClient http;

    private TokenizerClient(Builder builder) {
        this.base = builder.base.toString().replaceAll("/+$", "");
        this.bearer = builder.bearer;
        this.callTimeout = builder.callTimeout;
        this.transferTimeout = builder.transferTimeout;
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5));
        if (builder.sslContext != null) client.sslContext(builder.sslContext);
        this.http = client.build();
    }

    /**
     * Begins to make a client.
     *
     * @param base where the tokenizer listens, {@code http://vault.payments.svc:37766} for example
     */
    public static Builder builder(URI base) {
        return new Builder(base);
    }

    /** Stores bytes, and answers their token. */
    public String tokenize(byte[] value) {
        return tokenize(Value.of(value), JSON.createObjectNode());
    }

    /**
     * Stores a value.
     *
     * @param metadata kept beside it, sealed as well; {@link #metadata} gives it back; at most 16 KiB as JSON
     * @return the token
     */
    public String tokenize(Value value, ObjectNode metadata) {
        ObjectNode request = JSON.createObjectNode().put("size", value.size());
        if (!metadata.isEmpty()) request.set("metadata", metadata);
        JsonNode data = call("/tokenize", request);
        Answer<byte[]> answer =
                Retry.send(value.repeatable() ? Again.ALL : Again.NOTHING, Retry.OF_STORE, "the object store", () -> {
                    HttpRequest.Builder put =
                            transfer(text(data, "uploadUrl"), data).PUT(value.content());
                    return whole(TimedBody.send(http, put, transferTimeout));
                });
        // The object's name is new: 412 says that an earlier try of this very upload arrived, and only its answer was
        // lost.
        boolean stored = answer.status() == 200 || (answer.status() == 412 && value.repeatable());
        if (!stored) throw refusedTransfer(answer.status());
        return text(data, "tokenId");
    }

    /**
     * Reads a value into memory.
     *
     * @param largest a larger value is refused, in bytes
     */
    public byte[] detokenize(String token, int largest) {
        try (InputStream in = open(token)) {
            byte[] value = in.readNBytes(largest);
            if (in.read() >= 0) {
                throw new TokenizerException(
                        "tooLarge", 0, "The value is over " + largest + " bytes; read it as a stream.");
            }
            return value;
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    /** Reads a value of at most 16 MiB into memory. */
    public byte[] detokenize(String token) {
        return detokenize(token, 16 << 20);
    }

    /**
     * Reads a value into a file, which appears when it is complete and replaces one that is there.
     *
     * @throws IOException when the file can't be written
     */
    public void detokenize(String token, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path part = Files.createTempFile(folder == null ? Path.of(".") : folder, ".detokenize", ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                detokenize(token, out);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Reads a value into a stream, which is not closed.
     *
     * @throws IOException when the stream can't be written, or the transfer is broken off
     */
    public void detokenize(String token, OutputStream out) throws IOException {
        try (InputStream in = open(token)) {
            in.transferTo(out);
        }
    }

    /**
     * Opens a value for reading; the caller closes the stream. It throws {@link IOException} when the transfer is broken off, or is not
     * done within {@link Builder#transferTimeout}.
     */
    public InputStream open(String token) {
        JsonNode data = call("/detokenize", JSON.createObjectNode().put("tokenId", token));
        Answer<InputStream> answer = Retry.send(
                Again.ALL,
                Retry.OF_STORE,
                "the object store",
                () -> TimedBody.send(
                        http, transfer(text(data, "downloadUrl"), data).GET(), transferTimeout));
        if (answer.status() == 200) return answer.body();
        try (InputStream refused = answer.body()) {
            throw refusedTransfer(answer.status());
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    /** Gives a session leave to use a token; for applications. */
    public void grant(String session, String token, GrantOptions options) {
        ObjectNode request = JSON.createObjectNode()
                .put("sessionId", session)
                .put("tokenId", token)
                .put("direction", options.direction().wire());
        options.duration().ifPresent(duration -> request.put("customDuration", duration.toMillis() + "ms"));
        options.uses().ifPresent(uses -> request.put("uses", uses));
        call("/grant/set", request);
    }

    /** Whether a session holds a grant for a token; for applications. */
    public boolean verify(String session, String token) {
        ObjectNode request = JSON.createObjectNode().put("sessionId", session).put("tokenId", token);
        return call("/grant/verify", request).path("valid").asBoolean();
    }

    /** The metadata that was given with the value, empty when there was none. */
    public ObjectNode metadata(String token) {
        JsonNode metadata = call("/metadata/get", JSON.createObjectNode().put("tokenId", token))
                .path("metadata");
        return metadata instanceof ObjectNode object ? object : JSON.createObjectNode();
    }

    /**
     * Erases a token, its value and its metadata for good; for applications. A token that was erased before is answered with the first receipt.
     *
     * @throws TokenizerException {@code unknownToken} when there is no such token
     */
    public ErasureReceipt erase(String token) {
        return new ErasureReceipt(
                text(call("/token/erase", JSON.createObjectNode().put("tokenId", token)), "receipt"));
    }

    /**
     * Makes a new token for the value of a token, which the store copies to a new key; for applications. Nobody holds a grant for the new
     * token. Store it in the place of the old one, and then {@link #erase} that. The call may take as long as a transfer; when its answer is
     * lost it is not repeated by itself, for each time makes a copy, of which one that nobody has the token of stays in the bucket.
     *
     * @return the new token
     * @throws TokenizerException {@code unknownToken} when there is no such token or no value was uploaded, {@code notSupported} when the
     *     store does not copy from key to key
     */
    public String rekey(String token) {
        ObjectNode request = JSON.createObjectNode().put("tokenId", token);
        return text(call("/token/rekey", request, Again.REFUSALS, transferTimeout), "tokenId");
    }

    /** The public keys of this vault's receipts, for {@link ErasureReceipt#verify}: a JWK Set. They are the same for the life of the vault. */
    public String receiptKeys() {
        Answer<byte[]> answer = Retry.send(Again.ALL, Retry.OF_TOKENIZER, "the tokenizer", () -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/.well-known/tokenizer/keys"));
            return whole(TimedBody.send(http, request.GET(), callTimeout));
        });
        JsonNode keys = envelope(answer);
        if (answer.status() != 200) throw refused(answer.status(), keys);
        return keys.toString();
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode call(String route, ObjectNode body) {
        return call(route, body, Again.ALL, callTimeout);
    }

    private JsonNode call(String route, ObjectNode body, Again may, Duration timeout) {
        Answer<byte[]> answer = Retry.send(may, Retry.OF_TOKENIZER, "the tokenizer", () -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + route))
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofString(body.toString()));
            if (bearer != null) request.header("authorization", "Bearer " + credentials(bearer));
            return whole(TimedBody.send(http, request, timeout));
        });
        JsonNode envelope = envelope(answer);
        if (answer.status() == 200) return envelope.path("data");
        throw refused(answer.status(), envelope);
    }

    private static TokenizerException refused(int status, JsonNode envelope) {
        JsonNode error = envelope.path("error");
        return new TokenizerException(
                error.path("name").asText("unknown"),
                status,
                error.path("message").asText("The tokenizer refused the call."));
    }

    /** Java's client repeats a header that it does not take in its exception; these are never repeated. */
    private static String credentials(Supplier<String> bearer) {
        String credentials = bearer.get().strip();
        if (credentials.chars().allMatch(c -> c > ' ' && c < 0x7f)) return credentials;
        throw new TokenizerException(
                "unauthenticated",
                0,
                "The bearer has characters that no header can hold; give a JWT and nothing else.");
    }

    private static Answer<byte[]> whole(Answer<InputStream> answer) throws IOException {
        try (InputStream in = answer.body()) {
            return new Answer<>(answer.status(), answer.retryAfter(), in.readNBytes(LARGEST_ANSWER));
        }
    }

    private static JsonNode envelope(Answer<byte[]> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new TokenizerException("unknown", answer.status(), "What answered is not a tokenizer.");
        }
    }

    /** All headers are signed, and must be sent; Java's client writes the host and the length by itself. */
    private HttpRequest.Builder transfer(String url, JsonNode data) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        data.path("headers").properties().forEach(header -> {
            String name = header.getKey();
            if (!name.equals("host") && !name.equals("content-length"))
                request.header(name, header.getValue().asText());
        });
        return request;
    }

    private static String text(JsonNode data, String name) {
        String text = data.path(name).asText("");
        if (text.isEmpty()) throw new TokenizerException("unknown", 200, "The tokenizer's answer has no " + name + ".");
        return text;
    }

    private static TokenizerException refusedTransfer(int status) {
        return new TokenizerException(
                TokenizerException.TRANSFER_FAILED,
                status,
                "The object store refused the transfer with status " + status + ".");
    }

    private static TokenizerException brokenOff(IOException e) {
        return new TokenizerException(TokenizerException.TRANSFER_FAILED, 0, "The transfer was broken off.", e);
    }

    /** How a client is made. */
    public static final class Builder {
        private final URI base;
        private @Nullable Supplier<String> bearer;
        private @Nullable SSLContext sslContext;
        private Duration callTimeout = Duration.ofSeconds(15);
        private Duration transferTimeout = Duration.ofMinutes(10);

        private Builder(URI base) {
            this.base = base;
        }

        /** Asked for the credentials of every call: a JWT, or {@link Bearer#file}. */
        public Builder bearer(Supplier<String> newBearer) {
            this.bearer = newBearer;
            return this;
        }

        /** Whom to trust, where the well-known authorities are not enough. */
        public Builder sslContext(SSLContext newContext) {
            this.sslContext = newContext;
            return this;
        }

        /**
         * An authority to trust beside the well-known ones, as the file holds it now.
         *
         * @param pem with certificates
         * @throws IllegalArgumentException when it holds none
         */
        public Builder trustedCA(Path pem) {
            return sslContext(TrustedCA.context(pem));
        }

        /** How long the tokenizer may take for a whole answer. */
        public Builder callTimeout(Duration newTimeout) {
            this.callTimeout = newTimeout;
            return this;
        }

        /** How long a transfer to or from the store may take, from the request to the last byte. */
        public Builder transferTimeout(Duration newTimeout) {
            this.transferTimeout = newTimeout;
            return this;
        }

        public TokenizerClient build() {
            return new TokenizerClient(this);
        }
    }
}
