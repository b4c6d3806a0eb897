package dev.lunasec.client;

import java.net.http.HttpResponse;

/**
 * What came back from one try.
 *
 * @param retryAfter the header of that name, empty when there was none
 */
record Answer<T>(int status, String retryAfter, T body) {

    /** An answer with the body that was made of it. */
    static <T> Answer<T> of(HttpResponse<?> head, T body) {
        return new Answer<>(
                head.statusCode(), head.headers().firstValue("retry-after").orElse(""), body);
    }
}
