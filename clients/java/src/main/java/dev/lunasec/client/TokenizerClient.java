package dev.lunasec.client;

import static dev.lunasec.client.TokenizerApi.JSON;
import static dev.lunasec.client.TokenizerApi.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores values in a vault and reads them, through its tokenizer. All threads may share a client. Every method throws
 * {@link TokenizerException}, which holds the cause as an {@link ErrorCode}.
 *
 * <p>The client repeats a call that has no answer, or whose answer says that it may succeed later: it makes at most
 * three attempts. An upload of a stream has one attempt, because a stream can be read once. When the answer of a read
 * is lost, the second attempt takes a second use of a grant with limited uses.
 *
 * <p>The class is long because it has one method for each call of the service, with its errors.
 */
public final class TokenizerClient implements AutoCloseable {
    private static final int DEFAULT_LARGEST = 16 << 20;

    private final HttpClient http;
    private final TokenizerApi tokenizer;
    private final ObjectTransfer store;

    TokenizerClient(HttpClient http, TokenizerApi tokenizer, ObjectTransfer store) {
        this.http = http;
        this.tokenizer = tokenizer;
        this.store = store;
    }

    /**
     * Begins the configuration of a client.
     *
     * @param base the address of the tokenizer or of the agent, {@code http://vault.payments.svc:37766} for example
     */
    public static TokenizerClientBuilder builder(URI base) {
        return new TokenizerClientBuilder(base);
    }

    /** Stores bytes, and returns their token. */
    public String tokenize(byte[] value) {
        return tokenize(Value.of(value), TokenizeOptions.DEFAULT);
    }

    /**
     * Stores a value.
     *
     * @param metadata stored with the value and encrypted as well; {@link #metadata} returns it; at most 16 KiB as JSON
     * @return the token
     */
    public String tokenize(Value value, ObjectNode metadata) {
        return tokenize(value, TokenizeOptions.DEFAULT.with(metadata));
    }

    /** Stores a value with metadata, or for a limited time, and returns its token. */
    public String tokenize(Value value, TokenizeOptions options) {
        JsonNode data = tokenizer.post("/tokenize", options.request(value));
        store.upload(text(data, "uploadUrl"), data, value);
        return text(data, "tokenId");
    }

    /**
     * Reads a value into memory.
     *
     * @param largest in bytes; a larger value is not read
     * @throws TokenizerException {@link ErrorCode#TOO_LARGE} when the value is larger
     */
    public byte[] detokenize(String token, int largest) {
        try (InputStream in = open(token)) {
            return ObjectTransfer.whole(in, largest);
        } catch (IOException e) {
            throw ObjectTransfer.endedEarly(e);
        }
    }

    /** Reads a value of at most 16 MiB into memory. */
    public byte[] detokenize(String token) {
        return detokenize(token, DEFAULT_LARGEST);
    }

    /**
     * Reads a value into a file. The file appears when it is complete, and replaces an existing one.
     *
     * @throws IOException when the file cannot be written, or the transfer ends early
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
     * Reads a value into a stream, and does not close the stream.
     *
     * @throws IOException when the stream cannot be written, or the transfer ends early
     */
    public void detokenize(String token, OutputStream out) throws IOException {
        try (InputStream in = open(token)) {
            in.transferTo(out);
        }
    }

    /**
     * Opens a value for reading; the caller closes the stream. Reading throws {@link IOException} when the transfer
     * ends early, or takes longer than {@link TokenizerClientBuilder#transferTimeout}.
     */
    public InputStream open(String token) {
        JsonNode data = tokenizer.post("/detokenize", about(token));
        return store.download(text(data, "downloadUrl"), data);
    }

    /**
     * Allows a session to use a token; for applications. The client does not repeat a grant with limited uses when the
     * answer is lost, because the repetition would give back the uses that were taken in between.
     */
    public void grant(String session, String token, GrantOptions options) {
        tokenizer.post("/grant/set", options.request(session, token), options.retry());
    }

    /**
     * Revokes the grant of a session for a token; for applications. After this call, no pod of the tokenizer admits a
     * use of it. A signed URL that was handed out before is valid until it expires.
     *
     * @throws TokenizerException {@link ErrorCode#REPLICATION_UNCONFIRMED} when a failover of Redis could undo it; call
     *     again
     */
    public void revokeGrant(String session, String token) {
        tokenizer.post("/grant/revoke", about(token).put("sessionId", session));
    }

    /** Revokes the grants of all sessions for a token, as {@link #revokeGrant} does one; for applications. */
    public void revokeGrantsOfToken(String token) {
        tokenizer.post("/grant/revoke", about(token));
    }

    /** Revokes the grants of a session for all tokens, as {@link #revokeGrant} does one; for applications. */
    public void revokeGrantsOfSession(String session) {
        tokenizer.post("/grant/revoke", JSON.createObjectNode().put("sessionId", session));
    }

    /** Returns whether a session holds a grant for a token; for applications. */
    public boolean verify(String session, String token) {
        return tokenizer
                .post("/grant/verify", about(token).put("sessionId", session))
                .path("valid")
                .asBoolean();
    }

    /**
     * Makes a code with which a secure frame on another site stores what its user types, as a session; for
     * applications. The frame redeems it once within 60 seconds. Give it to the page of that user and to no other.
     *
     * @param nonce of the frame, as the page got it from the frame
     * @throws TokenizerException {@link ErrorCode#NOT_ALLOWED} when the application may not grant and tokenize
     */
    public String sessionCode(String session, String nonce) {
        return sessionCode(session, nonce, "tokenize", null);
    }

    /**
     * Makes a code with which a secure frame on another site reads the values of these tokens, as a session; otherwise
     * as {@link #sessionCode(String, String)}. The session must hold grants for them too. Check that the user may see
     * them, and never take the tokens from the page alone.
     *
     * @param tokens 1 to 100
     * @throws TokenizerException {@link ErrorCode#NOT_ALLOWED} when the application may not grant, detokenize and read
     *     metadata
     */
    public String sessionCode(String session, String nonce, List<String> tokens) {
        ArrayNode names = JSON.createArrayNode();
        tokens.forEach(names::add);
        return sessionCode(session, nonce, "detokenize", names);
    }

    /** Returns the metadata that was stored with the value, empty when there was none. */
    public ObjectNode metadata(String token) {
        JsonNode metadata = tokenizer.post("/metadata/get", about(token)).path("metadata");
        return metadata instanceof ObjectNode object ? object : JSON.createObjectNode();
    }

    /**
     * Erases a token, its value and its metadata for ever; for applications. For a token that was erased before, the
     * tokenizer returns a receipt with the time of the first erasure.
     *
     * @throws TokenizerException {@link ErrorCode#UNKNOWN_TOKEN} when there is no such token, {@link
     *     ErrorCode#ERASURE_INCOMPLETE} when the store does not delete everything; then there is no receipt
     */
    public ErasureReceipt erase(String token) {
        return new ErasureReceipt(text(tokenizer.post("/token/erase", about(token)), "receipt"));
    }

    /**
     * Makes a new token for the value of a token: the store copies the value to a new key; for applications. No caller
     * holds a grant for the new token. Write it where the old one was, and then {@link #erase} the old one. The call
     * may take as long as a transfer. The client does not repeat it when its answer is lost, because each attempt makes
     * a copy, and a copy whose token no caller knows stays in the bucket.
     *
     * @return the new token
     * @throws TokenizerException {@link ErrorCode#UNKNOWN_TOKEN} when there is no such token or no value was uploaded,
     *     {@link ErrorCode#NOT_SUPPORTED} when the store does not copy from key to key
     */
    public String rekey(String token) {
        JsonNode data = tokenizer.post("/token/rekey", about(token), Retry.Policy.AFTER_REFUSAL, store.timeout());
        return text(data, "tokenId");
    }

    /**
     * Returns the public keys with which this vault signs receipts, for {@link ErasureReceipt#verify}: a JWK Set. A
     * rotation adds a key, and the old ones stay. The member {@code vault} is the id of the vault.
     */
    public String receiptKeys() {
        return tokenizer.get("/.well-known/tokenizer/keys").toString();
    }

    /** Stores values in parts; for large ones. */
    public Uploads uploads() {
        return new Uploads(tokenizer, store);
    }

    /** The same calls for many tokens in one request. */
    public Batches batches() {
        return new Batches(tokenizer, store);
    }

    @Override
    public void close() {
        http.close();
    }

    private String sessionCode(String session, String nonce, String action, @Nullable ArrayNode tokens) {
        ObjectNode request = JSON.createObjectNode()
                .put("sessionId", session)
                .put("nonce", nonce)
                .put("action", action);
        if (tokens != null) request.set("tokenIds", tokens);
        return text(tokenizer.post("/session/code", request), "code");
    }

    private static ObjectNode about(String token) {
        return JSON.createObjectNode().put("tokenId", token);
    }
}
