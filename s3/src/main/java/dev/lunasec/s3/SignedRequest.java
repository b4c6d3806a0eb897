package dev.lunasec.s3;

import java.net.URI;
import java.util.Map;

/**
 * A request that the store will take from whoever holds it.
 *
 * @param uri signed; it holds no key
 * @param headers to send with it, all of them signed. {@code host} is among them, as in the original; it comes from the URI when
 *     the request is sent
 */
public record SignedRequest(URI uri, Map<String, String> headers) {

    /** Without the signature and the key. */
    @Override
    public String toString() {
        return "SignedRequest[hidden]";
    }
}
