package dev.lunasec.client;

import java.net.http.HttpResponse;

/**
 * The answer to one attempt.
 *
 * @param retryAfter the header of that name, empty when there was none
 * @param etag the same
 */
record Answer<T>(int status, String retryAfter, String etag, T body) {

    /** The status and headers of a response, with a body that was made of its body. */
    static <T> Answer<T> of(HttpResponse<?> response, T body) {
        return new Answer<>(
                response.statusCode(),
                response.headers().firstValue("retry-after").orElse(""),
                response.headers().firstValue("etag").orElse(""),
                body);
    }
}
