package dev.lunasec.tokenizer.api;

import dev.lunasec.tokenizer.http.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The body of a request and of an answer of {@code /detokenize}. It is in the package whose classes it uses. */
@State(Scope.Thread)
public class JsonBenchmark {
    private final byte[] body =
            "{\"tokenId\":\"lunasec-0f0e0d0c-0b0a-4908-8706-050403020100\"}".getBytes(StandardCharsets.UTF_8);
    private final DetokenizeAnswer answer = new DetokenizeAnswer(
            "https://vault.s3.eu-central-1.amazonaws.com/objects/" + "a".repeat(32) + "?" + "x".repeat(400),
            Map.of(
                    "host",
                    "vault.s3.eu-central-1.amazonaws.com",
                    "x-amz-server-side-encryption-customer-algorithm",
                    "AES256",
                    "x-amz-server-side-encryption-customer-key",
                    "a".repeat(44),
                    "x-amz-server-side-encryption-customer-key-md5",
                    "a".repeat(24)));

    @Benchmark
    public Object parseRequest() {
        return RequestJson.read(RequestJson.parse(body, false), TokenRequest.class);
    }

    @Benchmark
    public Object writeAnswer() {
        return Envelope.success(answer);
    }
}
