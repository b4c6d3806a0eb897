package dev.lunasec.client;

import static dev.lunasec.client.TokenizerApi.JSON;
import static dev.lunasec.client.TokenizerApi.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * Stores large values in parts, one after the other. One part is in memory at a time, and is sent again after a
 * failure that may pass. If a part fails, or the tokenizer refuses the whole, the client aborts the upload. If the
 * client cannot tell whether it is complete, the vault ends it within days.
 *
 * <p>Each part needs a grant that has not expired. The grant of the caller that begins the upload lasts as long as the
 * vault's default; for longer uploads, an application sets it again meanwhile.
 */
public final class Uploads {
    /** Of a value whose size is not known; in bytes. Ten thousand of them are 80,000 MiB. */
    private static final int PART = 8 << 20;

    private final TokenizerApi tokenizer;
    private final ObjectTransfer store;

    Uploads(TokenizerApi tokenizer, ObjectTransfer store) {
        this.tokenizer = tokenizer;
        this.store = store;
    }

    /**
     * Stores a value, in parts of the size that the tokenizer names: 8 MiB, or more for a value over 80,000 MiB.
     *
     * @param metadata as for {@link TokenizerClient#tokenize(Value, ObjectNode)}
     * @return the token
     * @throws IOException when the value cannot be read, or ends before its size
     */
    public String store(Value value, ObjectNode metadata) throws IOException {
        JsonNode upload = start(JSON.createObjectNode().put("size", value.size()), metadata);
        return send(upload, value, upload.path("partSize").intValue());
    }

    /**
     * Stores a stream up to its end, at most 80,000 MiB, and does not close it. A vault that requires sizes refuses it.
     *
     * @param metadata as for {@link TokenizerClient#tokenize(Value, ObjectNode)}
     * @return the token
     * @throws IOException when the stream cannot be read
     */
    public String store(InputStream stream, ObjectNode metadata) throws IOException {
        return send(start(JSON.createObjectNode(), metadata), Value.of(stream, -1), PART);
    }

    private JsonNode start(ObjectNode request, ObjectNode metadata) {
        if (!metadata.isEmpty()) request.set("metadata", metadata);
        return tokenizer.post("/upload/start", request);
    }

    private String send(JsonNode upload, Value value, int partSize) throws IOException {
        ObjectNode names = JSON.createObjectNode()
                .put("tokenId", text(upload, "tokenId"))
                .put("uploadId", text(upload, "uploadId"));
        ObjectNode complete = names.deepCopy();
        try (InputStream in = value.open()) {
            complete.set("parts", sendParts(names, in, value.size(), partSize));
        } catch (IOException | RuntimeException e) {
            abort(names, e);
            throw e;
        }
        complete(names, complete);
        return text(upload, "tokenId");
    }

    /** After a failure that may pass, the store may still be completing the upload, so the client does not abort it. */
    private void complete(ObjectNode names, ObjectNode complete) {
        try {
            // The store may take long to put many parts together.
            tokenizer.post("/upload/complete", complete, Retry.Policy.ALWAYS, store.timeout());
        } catch (TokenizerException e) {
            if (e.status() >= 400 && e.status() < 500 && e.status() != 429) abort(names, e);
            throw e;
        }
    }

    /** @param size of the value in bytes, below 0 for up to the end of the stream */
    private ArrayNode sendParts(ObjectNode names, InputStream content, long size, int partSize) throws IOException {
        PushbackInputStream in = new PushbackInputStream(content);
        ArrayNode sent = JSON.createArrayNode();
        long left = size;
        boolean last = false;
        while (!last) {
            int wanted = size < 0 ? partSize : (int) Math.min(left, partSize);
            byte[] part = in.readNBytes(wanted);
            if (size >= 0 && part.length < wanted) {
                throw new IOException("The value ended " + (left - part.length) + " bytes before its size.");
            }
            left -= part.length;
            last = size < 0 ? ended(in) : left == 0;
            int number = sent.size() + 1;
            String etag = store.uploadPart(() -> part(names, number), part);
            sent.addObject().put("part", number).put("etag", etag);
        }
        return sent;
    }

    private static boolean ended(PushbackInputStream in) throws IOException {
        int next = in.read();
        if (next >= 0) in.unread(next);
        return next < 0;
    }

    private JsonNode part(ObjectNode names, int number) {
        ObjectNode range = names.deepCopy().put("first", number).put("count", 1);
        return tokenizer.post("/upload/parts", range).path("parts").path(0);
    }

    /** @param why the failure that the caller is told; one of the abort does not replace it */
    private void abort(ObjectNode names, Exception why) {
        try {
            tokenizer.post("/upload/abort", names);
        } catch (TokenizerException e) {
            why.addSuppressed(e);
        }
    }
}
