package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * The SDK of AWS makes the same URLs, in every form that the product uses and some more. Only the order of the
 * parameters may differ, which no signature depends on.
 */
@Tag("pure")
class UrlSignerAgainstSdkTest {
    private static final Instant NOW = Instant.parse("2026-02-28T23:59:58.999Z");
    private static final Duration LIFETIME = Duration.ofSeconds(61);
    private static final AwsCredentials ACCOUNT =
            AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPx");
    private static final AwsCredentials SESSION =
            AwsSessionCredentials.create("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPx", "IQoJb3/JpZ2lu+X2VjE=//Ü ~*");
    private static final Map<String, String> SSEC = new SseCustomerKey(new byte[32]).headers();

    @Test
    void everyFormOfRequestHasTheUrlOfTheSdk() {
        for (StoreLocation location : locations()) {
            for (AwsCredentials account : List.of(ACCOUNT, SESSION)) {
                UrlSigner signer = signer(location, account);
                for (Map<String, String> headers : headers()) {
                    for (String key :
                            List.of("objects/0123456789abcdef", "canary/a", "a b+c/ü&=?#%*~'()!@:,;$€", "a//./../b/")) {
                        for (SdkHttpMethod method :
                                List.of(SdkHttpMethod.GET, SdkHttpMethod.PUT, SdkHttpMethod.DELETE)) {
                            same(
                                    signer.sign(method, key, headers, LIFETIME),
                                    sdk(location, account, NOW, method, key, Map.of(), headers));
                        }
                        for (String upload : List.of("2~abc.DEF_1-2", "a+b/c==", "ü &?#%")) {
                            same(
                                    signer.signPart(key, upload, 10_000, headers, LIFETIME),
                                    sdk(
                                            location,
                                            account,
                                            NOW,
                                            SdkHttpMethod.PUT,
                                            key,
                                            Map.of("partNumber", "10000", "uploadId", upload),
                                            headers));
                        }
                    }
                }
            }
        }
    }

    /** The presigner signs at its own time, which this signer then takes from its URL. */
    @Test
    void thePresignerOfTheSdkMakesTheSameUrls() {
        for (boolean pathStyle : new boolean[] {true, false}) {
            for (AwsCredentials account : List.of(ACCOUNT, SESSION)) {
                StoreLocation location = new StoreLocation(
                        "vault", "eu-central-1", URI.create("https://s3.example.com:9000"), pathStyle);
                try (S3Presigner presigner = presigner(location, account)) {
                    Map<String, String> put = new LinkedHashMap<>(SSEC);
                    put.put("content-length", "7");
                    put.put("if-none-match", "*");
                    same(SdkHttpMethod.GET, SSEC, location, account, presigned(presigner, "GET"));
                    same(SdkHttpMethod.PUT, put, location, account, presigned(presigner, "PUT"));
                }
            }
        }
    }

    @Test
    void aNewDayOfUtcHasANewKeyWhateverTheZoneOfTheClockIs() {
        StoreLocation location = locations().getFirst();
        SettableClock clock = new SettableClock(NOW);
        UrlSigner signer = new UrlSigner(location, StaticCredentialsProvider.create(ACCOUNT), clock);
        for (String time : List.of(
                "2026-02-28T23:59:59.999Z",
                "2026-03-01T00:00:00Z",
                "2026-02-28T23:59:59Z",
                "2028-02-29T12:34:56Z",
                "2026-12-31T23:59:59Z",
                "2027-01-01T09:05:07Z",
                "1999-12-31T23:59:59Z")) {
            clock.now = Instant.parse(time);
            same(
                    signer.sign(SdkHttpMethod.GET, "objects/a", SSEC, LIFETIME),
                    sdk(location, ACCOUNT, clock.now, SdkHttpMethod.GET, "objects/a", Map.of(), SSEC));
        }
    }

    @Test
    void renewedCredentialsSignFromTheNextUrlOn() {
        List<AwsCredentials> accounts = List.of(
                ACCOUNT,
                AwsBasicCredentials.create("AKIDEXAMPLE", "another secret"),
                SESSION,
                AwsSessionCredentials.create("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPx", "another token"),
                AwsBasicCredentials.create("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPx"),
                ACCOUNT);
        Iterator<AwsCredentials> renewed = accounts.iterator();
        AwsCredentialsProvider provider = renewed::next;
        StoreLocation location = locations().getFirst();
        UrlSigner signer = new UrlSigner(location, provider, Clock.fixed(NOW, ZoneOffset.UTC));
        for (AwsCredentials account : accounts) {
            same(
                    signer.sign(SdkHttpMethod.PUT, "objects/a", SSEC, LIFETIME),
                    sdk(location, account, NOW, SdkHttpMethod.PUT, "objects/a", Map.of(), SSEC));
        }
    }

    @Test
    void lifetimesThatStoresRefuseAreRefused() {
        UrlSigner signer = signer(locations().getFirst(), ACCOUNT);
        for (Duration allowed : List.of(Duration.ofSeconds(1), Duration.ofMillis(1_999), Duration.ofDays(7))) {
            assertThat(signer.sign(SdkHttpMethod.GET, "a", Map.of(), allowed).url())
                    .contains("&X-Amz-Expires=" + allowed.toSeconds() + "&");
        }
        for (Duration refused :
                List.of(Duration.ofMillis(999), Duration.ofDays(7).plusMillis(1))) {
            assertThatThrownBy(() -> signer.sign(SdkHttpMethod.GET, "a", Map.of(), refused))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<StoreLocation> locations() {
        return List.of(
                location("vault", "us-east-1", "http://127.0.0.1:9000", true),
                location("vault", "us-east-1", "http://store.example.com", true),
                location("vault", "us-east-1", "http://store.example.com:80/", false),
                location("vault", "eu-central-1", "https://s3.example.com", true),
                location("my.vault", "eu-central-1", "https://s3.example.com:8443", false),
                location("vault", "default", "https://[2001:db8::1]:9000/gate%20way/s3/", true),
                location("vault", "eu-central-1", null, false),
                location("vault", "cn-north-1", null, true));
    }

    private static StoreLocation location(String bucket, String region, @Nullable String endpoint, boolean pathStyle) {
        return new StoreLocation(bucket, region, endpoint == null ? null : URI.create(endpoint), pathStyle);
    }

    private static List<Map<String, String>> headers() {
        Map<String, String> sized = new LinkedHashMap<>(SSEC);
        sized.put("content-length", "1048576");
        Map<String, String> once = new LinkedHashMap<>(sized);
        once.put("if-none-match", "*");
        return List.of(Map.of(), Map.of("content-length", "0"), SSEC, sized, once);
    }

    private static UrlSigner signer(StoreLocation location, AwsCredentials account) {
        return new UrlSigner(location, StaticCredentialsProvider.create(account), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** The SDK's signer, without a client around it. */
    private static String sdk(
            StoreLocation location,
            AwsCredentials account,
            Instant now,
            SdkHttpMethod method,
            String key,
            Map<String, String> parameters,
            Map<String, String> headers) {
        URI endpoint = location.effectiveEndpoint();
        String base = endpoint.getRawPath().replaceAll("/+$", "");
        String bucket = location.pathStyleAccess() ? "/" + location.bucket() : "";
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(method)
                // Over plain HTTP the signer would sign the payload. The scheme is not part of what is signed.
                .protocol("https")
                .host(location.pathStyleAccess() ? endpoint.getHost() : location.bucket() + "." + endpoint.getHost())
                .port(endpoint.getPort() == -1 || endpoint.getPort() == 80 ? 443 : endpoint.getPort())
                .encodedPath(base + bucket + "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(key));
        parameters.forEach(request::putRawQueryParameter);
        headers.forEach(request::putHeader);
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(account)
                        .request(request.build())
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, location.region())
                        .putProperty(AwsV4HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC))
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, LIFETIME)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false))
                .request();
        return signed.getUri().toString().replaceFirst("^https", endpoint.getScheme());
    }

    private static S3Presigner presigner(StoreLocation location, AwsCredentials account) {
        return S3Presigner.builder()
                .region(Region.of(location.region()))
                .endpointOverride(location.effectiveEndpoint())
                .credentialsProvider(StaticCredentialsProvider.create(account))
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(location.pathStyleAccess())
                        .build())
                .build();
    }

    private static String presigned(S3Presigner presigner, String method) {
        SseCustomerKey key = new SseCustomerKey(new byte[32]);
        return method.equals("GET")
                ? presigner
                        .presignGetObject(presign -> presign.signatureDuration(LIFETIME)
                                .getObjectRequest(get -> get.bucket("vault")
                                        .key("objects/a b")
                                        .sseCustomerAlgorithm("AES256")
                                        .sseCustomerKey(key.base64())
                                        .sseCustomerKeyMD5(key.md5())))
                        .url()
                        .toString()
                : presigner
                        .presignPutObject(presign -> presign.signatureDuration(LIFETIME)
                                .putObjectRequest(put -> put.bucket("vault")
                                        .key("objects/a b")
                                        .contentLength(7L)
                                        .ifNoneMatch("*")
                                        .sseCustomerAlgorithm("AES256")
                                        .sseCustomerKey(key.base64())
                                        .sseCustomerKeyMD5(key.md5())))
                        .url()
                        .toString();
    }

    private static void same(
            SdkHttpMethod method,
            Map<String, String> headers,
            StoreLocation location,
            AwsCredentials account,
            String ofTheSdk) {
        String time = ofTheSdk.replaceFirst(".*X-Amz-Date=([0-9TZ]+).*", "$1");
        Instant now = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").parse(time, Instant::from);
        UrlSigner signer =
                new UrlSigner(location, StaticCredentialsProvider.create(account), Clock.fixed(now, ZoneOffset.UTC));
        same(signer.sign(method, "objects/a b", headers, LIFETIME), ofTheSdk);
    }

    private static void same(SignedRequest ours, String ofTheSdk) {
        assertThat(sorted(ours.url())).isEqualTo(sorted(ofTheSdk));
    }

    /** The URL with its parameters in the order of characters. */
    private static String sorted(String url) {
        int query = url.indexOf('?');
        return url.substring(0, query)
                + Arrays.stream(url.substring(query + 1).split("&", -1))
                        .sorted()
                        .collect(Collectors.joining("&", "?", ""));
    }

    /** In a zone whose day is another one for most of the day. */
    private static final class SettableClock extends Clock {
        private Instant now;

        private SettableClock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.ofHours(14);
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
