package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * Where URLs lead, and that what is signed is what a client will send: the signature is made a second time from AWS's
 * description.
 */
@Tag("pure")
class UrlSignerTest {
    private static final String SECRET = "a-secret";

    @Test
    void theBucketIsInThePathOrInTheHost() throws Exception {
        leads("https://s3.example.com", true, "s3.example.com", "https://s3.example.com/vault/objects/ab");
        leads("https://s3.example.com", false, "vault.s3.example.com", "https://vault.s3.example.com/objects/ab");
        leads("https://example.com/s3/", true, "example.com", "https://example.com/s3/vault/objects/ab");
    }

    @Test
    void aWellKnownPortIsNotSaidAndAnotherIs() throws Exception {
        leads("https://s3.example.com:443", true, "s3.example.com", "https://s3.example.com/vault/objects/ab");
        leads("http://s3.example.com:80", false, "vault.s3.example.com", "http://vault.s3.example.com/objects/ab");
        leads(
                "https://s3.example.com:9000",
                false,
                "vault.s3.example.com:9000",
                "https://vault.s3.example.com:9000/objects/ab");
    }

    @Test
    void withoutAnEndpointItIsAws() throws Exception {
        leads(
                null,
                false,
                "vault.s3.eu-central-1.amazonaws.com",
                "https://vault.s3.eu-central-1.amazonaws.com/objects/ab");
    }

    private static void leads(@Nullable String endpoint, boolean pathStyle, String host, String url) throws Exception {
        StoreLocation location =
                new StoreLocation("vault", "eu-central-1", endpoint == null ? null : URI.create(endpoint), pathStyle);
        AwsCredentialsIdentity identity = AwsCredentialsIdentity.create("an-account", SECRET);
        IdentityProvider<AwsCredentialsIdentity> credentials = new Always(identity);
        SignedRequest signed = new UrlSigner(location, credentials)
                .sign(SdkHttpMethod.PUT, "objects/ab", Map.of("content-length", "7"), Duration.ofSeconds(60));
        assertThat(signed.uri().toString()).startsWith(url + "?");
        assertThat(signed.headers()).containsEntry("host", host).containsEntry("content-length", "7");
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : signed.uri().getRawQuery().split("&", -1)) {
            query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        assertThat(query).containsEntry("X-Amz-Expires", "60");
        assertThat(query.remove("X-Amz-Signature"))
                .as(url)
                .isEqualTo(signature(signed.uri().getRawPath(), query, signed.headers()));
    }

    /** After "Authenticating Requests: Using Query Parameters" of the S3 API reference. */
    private static String signature(String path, Map<String, String> query, Map<String, String> headers)
            throws GeneralSecurityException {
        String names = query.getOrDefault("X-Amz-SignedHeaders", "").replace("%3B", ";");
        String canonical = "PUT\n" + path + "\n"
                + query.entrySet().stream()
                        .map(pair -> pair.getKey() + "=" + pair.getValue())
                        .sorted()
                        .collect(Collectors.joining("&"))
                + "\n"
                + Arrays.stream(names.split(";", -1))
                        .map(name -> name + ":" + headers.get(name) + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\nUNSIGNED-PAYLOAD";
        String time = query.getOrDefault("X-Amz-Date", "");
        String day = time.substring(0, 8);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
        String text = "AWS4-HMAC-SHA256\n" + time + "\n" + day + "/eu-central-1/s3/aws4_request\n"
                + HexFormat.of().formatHex(digest);
        byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {day, "eu-central-1", "s3", "aws4_request", text}) key = hmac(key, part);
        return HexFormat.of().formatHex(key);
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same account every time. */
    private record Always(AwsCredentialsIdentity identity) implements IdentityProvider<AwsCredentialsIdentity> {
        @Override
        public Class<AwsCredentialsIdentity> identityType() {
            return AwsCredentialsIdentity.class;
        }

        @Override
        public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
            return CompletableFuture.completedFuture(identity);
        }
    }
}
