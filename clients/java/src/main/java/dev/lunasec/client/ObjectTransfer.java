package dev.lunasec.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.function.Supplier;

/** Sends values to the object store and reads them from there, with the signed URLs that the tokenizer makes. */
final class ObjectTransfer {
    private final HttpClient http;
    private final Duration timeout;

    /** @param timeout of each attempt, to the last byte */
    ObjectTransfer(HttpClient http, Duration timeout) {
        this.http = http;
        this.timeout = timeout;
    }

    Duration timeout() {
        return timeout;
    }

    /**
     * Stores a value.
     *
     * @param url signed for this upload alone
     * @param data the tokenizer's answer, with the headers that were signed
     */
    void upload(String url, JsonNode data, Value value) {
        Retry.Policy policy = value.repeatable() ? Retry.Policy.ALWAYS : Retry.Policy.NEVER;
        Answer<byte[]> answer = Retry.send(policy, Retry.STORE_STATUSES, "the object store", () -> {
            HttpRequest.Builder put = request(url, data).PUT(value.content());
            return TokenizerApi.whole(TimedBody.send(http, put, timeout));
        });
        // The object's name is new. 412 says that an earlier attempt of this upload arrived and that only its answer
        // was lost.
        boolean stored = answer.status() == 200 || (answer.status() == 412 && value.repeatable());
        if (!stored) throw refused(answer.status());
    }

    /**
     * Stores one part of a value.
     *
     * @param request returns a new URL and its headers for each attempt, because the earlier URL may have expired
     * @return the ETag of the part
     */
    String uploadPart(Supplier<JsonNode> request, byte[] content) {
        Answer<byte[]> answer = Retry.send(Retry.Policy.ALWAYS, Retry.STORE_STATUSES, "the object store", () -> {
            JsonNode part = request.get();
            HttpRequest.Builder put =
                    request(TokenizerApi.text(part, "uploadUrl"), part).PUT(BodyPublishers.ofByteArray(content));
            return TokenizerApi.whole(TimedBody.send(http, put, timeout));
        });
        if (answer.status() == 200 && !answer.etag().isEmpty()) return answer.etag();
        throw refused(answer.status());
    }

    /** Opens a value; the caller closes it. */
    InputStream download(String url, JsonNode data) {
        Answer<InputStream> answer = Retry.send(
                Retry.Policy.ALWAYS,
                Retry.STORE_STATUSES,
                "the object store",
                () -> TimedBody.send(http, request(url, data).GET(), timeout));
        if (answer.status() == 200) return answer.body();
        try (InputStream unread = answer.body()) {
            throw refused(answer.status());
        } catch (IOException e) {
            throw endedEarly(e);
        }
    }

    /** Reads a value of at most so many bytes. */
    static byte[] whole(InputStream in, int largest) throws IOException {
        byte[] value = in.readNBytes(largest);
        if (in.read() < 0) return value;
        throw new TokenizerException(
                ErrorCode.TOO_LARGE, 0, "The value is over " + largest + " bytes; read it as a stream.");
    }

    static TokenizerException endedEarly(IOException e) {
        return new TokenizerException(ErrorCode.TRANSFER_FAILED, 0, "The transfer ended early.", e);
    }

    private static TokenizerException refused(int status) {
        return new TokenizerException(
                ErrorCode.TRANSFER_FAILED, status, "The object store refused the transfer with status " + status + ".");
    }

    /** All headers are signed and must be sent; Java's client writes the host and the length itself. */
    private static HttpRequest.Builder request(String url, JsonNode data) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        data.path("headers").properties().forEach(header -> {
            String name = header.getKey();
            if (!name.equals("host") && !name.equals("content-length"))
                request.header(name, header.getValue().asText());
        });
        return request;
    }
}
