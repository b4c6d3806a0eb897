package dev.lunasec.tokenizer.auth;

import dev.lunasec.runtime.BoundedCall;
import dev.lunasec.runtime.TrustedAuthorities;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Gets the documents in which issuers publish their keys. It follows no redirect, because a redirect could lead to
 * keys of an attacker. Each fetch has a client of its own: files with authorities are replaced while the pod runs, and
 * fetches are rare.
 */
final class KeyDocuments implements AutoCloseable {
    /** How long one document may take. */
    private static final Duration GET = Duration.ofSeconds(2);

    private final HttpClient http;

    /**
     * Does not connect yet.
     *
     * @param authority PEM file with the only authorities that are trusted; null for those of Java
     * @throws IOException naming the file, when it can't be read or holds no certificate
     */
    KeyDocuments(@Nullable Path authority) throws IOException {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(GET)
                .sslContext(trusting(authority))
                .build();
    }

    /**
     * Gets a document.
     *
     * @param bearer the token to send; null for none
     * @param largest its maximum size in bytes
     * @throws IOException saying what is wrong, in words that hold no secret and no URL
     */
    String get(URI document, @Nullable String bearer, int largest) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(document).timeout(GET);
        if (bearer != null) request.header("authorization", "Bearer " + bearer);
        try {
            HttpResponse<byte[]> answer = BoundedCall.send(http, request.build(), GET, largest);
            if (answer.statusCode() == 200) return new String(answer.body(), StandardCharsets.UTF_8);
            String redirect = answer.statusCode() / 100 == 3 ? ", and redirects are not followed" : "";
            throw new IOException("the server answers " + answer.statusCode() + " to a GET of the keys" + redirect);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the process is stopping", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static SSLContext trusting(@Nullable Path authority) throws IOException {
        if (authority == null) return TrustedAuthorities.context(null);
        String pem;
        try {
            pem = Files.readString(authority);
        } catch (IOException e) {
            throw new IOException("the file " + authority + " can't be read", e);
        }
        try {
            return TrustedAuthorities.contextOfOnly(pem);
        } catch (IllegalArgumentException e) {
            throw new IOException("the file " + authority + " holds no certificate", e);
        }
    }
}
