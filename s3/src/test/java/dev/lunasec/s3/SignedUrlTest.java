package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.s3.CanaryRequests.Answer;
import dev.lunasec.testbed.EmbeddedStore;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;

/** A store that checks signatures accepts the URLs, and what is sent with one comes back with another. */
@Tag("embedded")
class SignedUrlTest {
    private static final Duration LIFETIME = Duration.ofMinutes(1);
    private static final byte[] VALUE = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final SseCustomerKey KEY = new SseCustomerKey(new byte[32]);

    @AutoClose
    private final EmbeddedStore store = new EmbeddedStore();

    @AutoClose
    private final S3Connection connection = new S3Connection(
            new StoreLocation("vault", "us-east-1", store.endpoint(), true),
            new AccessKeys(store.accessKeyId(), store.secretAccessKey()),
            null);

    @BeforeEach
    void makeBucket() {
        connection.s3().createBucket(create -> create.bucket("vault"));
    }

    @Test
    void aValueIsStoredAndReadWithItsKeyAlone() throws Exception {
        for (String name : List.of("objects/0123456789abcdef", "objects/a b+c&d=ü~")) {
            storesAndReads(connection.signer(), name);
            assertThat(connection
                            .s3()
                            .listObjectsV2(list -> list.bucket("vault"))
                            .contents())
                    .anyMatch(object -> object.key().equals(name));
        }
    }

    @Test
    void temporaryCredentialsSignTheirToken() throws Exception {
        AwsSessionCredentials temporary =
                AwsSessionCredentials.create(store.accessKeyId(), store.secretAccessKey(), "IQoJb3/JpZ2lu+X2VjE==");
        storesAndReads(
                new UrlSigner(connection.location(), StaticCredentialsProvider.create(temporary)), "objects/temporary");
    }

    @Test
    void aPartIsStoredUnderTheUrlOfItsNumberAlone() throws Exception {
        String name = "objects/parts";
        MultipartUploads uploads = new MultipartUploads(connection.s3(), "vault");
        String upload = uploads.begin(name, KEY);
        Map<String, String> headers = new LinkedHashMap<>(KEY.headers());
        headers.put("content-length", Integer.toString(VALUE.length));
        SignedRequest part = connection.signer().signPart(name, upload, 1, headers, LIFETIME);
        SignedRequest other = new SignedRequest(part.url().replace("partNumber=1", "partNumber=2"), part.headers());
        assertThat(send("PUT", other, VALUE).status()).isEqualTo(403);
        assertThat(send("PUT", part, VALUE).status()).isEqualTo(200);
    }

    private void storesAndReads(UrlSigner signer, String name) throws Exception {
        Map<String, String> headers = new LinkedHashMap<>(KEY.headers());
        headers.put("content-length", Integer.toString(VALUE.length));
        headers.put("if-none-match", "*");
        SignedRequest put = signer.sign(SdkHttpMethod.PUT, name, headers, LIFETIME);
        SignedRequest longer = new SignedRequest(put.url().replace("X-Amz-Expires=60", "X-Amz-Expires=61"), headers);
        assertThat(send("PUT", longer, VALUE).status()).isEqualTo(403);
        Answer stored = send("PUT", put, VALUE);
        assertThat(stored.status()).as(stored.code()).isEqualTo(200);
        Answer read = send("GET", signer.sign(SdkHttpMethod.GET, name, KEY.headers(), LIFETIME), null);
        assertThat(read.status()).as(read.code()).isEqualTo(200);
        assertThat(read.body()).isEqualTo(VALUE);
    }

    /** Each request has a connection of its own, because the store may close one after a refusal. */
    private Answer send(String method, SignedRequest request, byte @Nullable [] body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return new CanaryRequests(http, connection.signer(), Duration.ofSeconds(10))
                    .send(method, request, request.headers(), body);
        }
    }
}
