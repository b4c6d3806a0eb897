package dev.lunasec.s3;

import java.net.URI;
import java.util.Map;

/**
 * A request that the store accepts from anyone who sends it.
 *
 * @param uri the signed URL; it holds no SSE-C key
 * @param headers the headers to send, all of them signed. {@code host} is among them, as in the original LunaSec
 *     tokenizer; HTTP clients take it from the URL
 */
public record SignedRequest(URI uri, Map<String, String> headers) {

    /** Without the signature and the key. */
    @Override
    public String toString() {
        return "SignedRequest[hidden]";
    }
}
