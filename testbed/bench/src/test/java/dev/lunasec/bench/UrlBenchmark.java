package dev.lunasec.bench;

import dev.lunasec.s3.SseCustomerKey;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.s3.UrlSigner;
import java.net.URI;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;

/** The URL of a download, with the headers that it signs. */
@State(Scope.Thread)
public class UrlBenchmark {
    private final UrlSigner signer = new UrlSigner(
            new StoreLocation("vault", "eu-central-1", URI.create("https://s3.eu-central-1.amazonaws.com"), false),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("access-key", "secret-key")));
    private final byte[] dataKey = new byte[32];
    private final String object = "objects/" + "a".repeat(32);

    @Benchmark
    public Object signDownload() {
        return signer.sign(SdkHttpMethod.GET, object, new SseCustomerKey(dataKey).headers(), Duration.ofMinutes(1));
    }
}
