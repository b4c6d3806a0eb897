package dev.lunasec.s3;

import dev.lunasec.runtime.BoundedCall;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;

/** Signs the requests of a canary, and sends them with the headers that a client or an attacker would choose. */
final class CanaryRequests {
    private static final int LARGEST_ANSWER = 64 << 10;
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z]{1,64})</Code>");

    private final HttpClient http;
    private final UrlSigner signer;
    private final Duration deadline;

    /** @param deadline for each request and its whole answer */
    CanaryRequests(HttpClient http, UrlSigner signer, Duration deadline) {
        this.http = http;
        this.signer = signer;
        this.deadline = deadline;
    }

    /**
     * What the store answered.
     *
     * @param keyMd5 the MD5 of the SSE-C key that the store names; empty if it names none
     * @param code the error code of S3; empty if there is none
     */
    record Answer(int status, byte[] body, String keyMd5, String code) {}

    SignedRequest sign(SdkHttpMethod method, String key, Map<String, String> headers) {
        return signer.sign(method, key, headers, Duration.ofMinutes(1));
    }

    /** @param headers which may be others than the signed ones */
    Answer send(String method, SignedRequest request, Map<String, String> headers, byte @Nullable [] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder message = HttpRequest.newBuilder(request.uri())
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        headers.forEach((name, value) -> {
            // Java's client writes these two itself.
            if (!name.equals("host") && !name.equals("content-length")) message.header(name, value);
        });
        HttpResponse<byte[]> answer = BoundedCall.send(http, message.build(), deadline, LARGEST_ANSWER);
        Matcher code = CODE.matcher(new String(answer.body(), StandardCharsets.UTF_8));
        String md5 = answer.headers().firstValue(SseCustomerKey.MD5_HEADER).orElse("");
        return new Answer(
                answer.statusCode(),
                answer.body(),
                md5,
                answer.statusCode() >= 300 && code.find() ? code.group(1) : "");
    }
}
