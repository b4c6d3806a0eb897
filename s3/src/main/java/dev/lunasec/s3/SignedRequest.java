package dev.lunasec.s3;

import java.net.URI;
import java.util.Map;

/**
 * A request that the store accepts from anyone who sends it.
 *
 * @param url signed; it holds no SSE-C key
 * @param headers the headers to send, all of them signed. {@code host} is among them, as in the original LunaSec
 *     tokenizer; HTTP clients take it from the URL
 */
public record SignedRequest(String url, Map<String, String> headers) {

    /** The URL for a client in Java. */
    public URI uri() {
        return URI.create(url);
    }

    /** Without the signature and the key. */
    @Override
    public String toString() {
        return "SignedRequest[hidden]";
    }
}
