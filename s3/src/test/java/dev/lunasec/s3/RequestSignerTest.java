package dev.lunasec.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** The SDK of AWS gives the same request the same signature. */
@Tag("pure")
class RequestSignerTest {
    private static final Instant NOW = Instant.parse("2026-02-28T23:59:58.999Z");
    private static final List<AwsCredentials> ACCOUNTS = List.of(
            AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPx"),
            AwsSessionCredentials.create("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPx", "IQoJb3/JpZ2lu+X2VjE=//"));
    private static final List<StoreLocation> LOCATIONS = List.of(
            new StoreLocation("vault", "us-east-1", URI.create("http://127.0.0.1:9000"), true),
            new StoreLocation("my.vault", "eu-central-1", URI.create("https://s3.example.com:8443"), false),
            new StoreLocation("vault", "default", URI.create("https://[2001:db8::1]/gate%20way/s3/"), true),
            new StoreLocation("vault", "eu-central-1", null, false));

    @Test
    void everyFormOfRequestHasTheSignatureOfTheSdk() {
        for (StoreLocation location : LOCATIONS) {
            for (AwsCredentials account : ACCOUNTS) {
                RequestSigner signer = new RequestSigner(
                        location, StaticCredentialsProvider.create(account), Clock.fixed(NOW, ZoneOffset.UTC));
                for (String key : List.of("records/1/0123456789abcdef", "a b+c/ü&=?#%*~'()!@:,;$€")) {
                    same(location, account, signer.sign(SdkHttpMethod.GET, key, null, null, new byte[0]), "");
                    same(location, account, signer.sign(SdkHttpMethod.GET, key, "a+b/c= ü", null, new byte[0]), "");
                    same(location, account, signer.sign(SdkHttpMethod.DELETE, key, "null", null, new byte[0]), "");
                    byte[] content = "{\"a\":1}".getBytes(UTF_8);
                    same(
                            location,
                            account,
                            signer.sign(SdkHttpMethod.PUT, key, null, "application/json", content),
                            "{\"a\":1}");
                }
            }
        }
    }

    private static void same(StoreLocation location, AwsCredentials account, SdkHttpRequest signed, String content) {
        Map<String, List<String>> headers = headers(signed);
        List<String> length = headers.remove("content-length");
        assertThat(length).isEqualTo(content.isEmpty() ? null : List.of(Integer.toString(content.length())));
        SdkHttpRequest.Builder unsigned = signed.toBuilder();
        for (String name : signed.headers().keySet()) {
            if (!name.equals("content-type")) unsigned.removeHeader(name);
        }
        SdkHttpRequest ofTheSdk = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(account)
                        .request(unsigned.build())
                        .payload(() -> new ByteArrayInputStream(content.getBytes(UTF_8)))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, location.region())
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC))
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false))
                .request();
        assertThat(headers).isEqualTo(headers(ofTheSdk));
        assertThat(signed.getUri().toString()).startsWith(location.objectsUrl());
    }

    private static Map<String, List<String>> headers(SdkHttpRequest request) {
        Map<String, List<String>> headers = new HashMap<>();
        request.headers().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        return headers;
    }
}
