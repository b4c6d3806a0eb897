package dev.lunasec.s3;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.runtime.BoundedCall;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Asks a store as a browser does before a page of another origin uses a signed URL: by a CORS preflight (Fetch
 * Standard, 4.9). Some stores have CORS as a setting of the server and not of the bucket, so only the answer tells what
 * browsers can do.
 */
public final class CorsPreflight {
    private static final Duration DEADLINE = Duration.ofSeconds(4);
    private static final Duration SIGNED_FOR = Duration.ofMinutes(1);
    private static final int LARGEST_ANSWER = 64 << 10;

    private final HttpClient http;
    private final UrlSigner signer;

    /** @param signer signs for the address of the store that browsers use */
    public CorsPreflight(S3Connection connection, UrlSigner signer) {
        this.http = connection.http();
        this.signer = signer;
    }

    /**
     * Sends a preflight for a signed URL. Nothing is read or written, also where the store takes it for another
     * request.
     *
     * @param origin of the page
     * @param method GET or PUT
     * @param headers that the page would send, in lower case
     * @return empty if the store cannot be reached; that says nothing about browsers elsewhere
     */
    public Optional<PreflightAnswer> ask(String origin, String method, List<String> headers) {
        String url = signer.sign(
                        SdkHttpMethod.fromValue(method), BucketLayout.CANARY + "preflight", Map.of(), SIGNED_FOR)
                .url();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", String.join(",", headers))
                .build();
        try {
            HttpResponse<byte[]> answer = BoundedCall.send(http, request, DEADLINE, LARGEST_ANSWER);
            return Optional.of(PreflightAnswer.of(answer.statusCode(), answer.headers()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
