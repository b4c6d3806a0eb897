package dev.lunasec.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * Signs URLs (Signature Version 4 in the query, payload unsigned). It makes no network call. It uses the SDK's signer
 * directly, because the SDK's presigner goes through a whole client and takes five times as long.
 */
public final class UrlSigner {
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    private final String region;
    private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
    private final String scheme;
    private final String host;
    private final int port;
    private final String path;

    /** @param location the URLs have its endpoint, whose host is signed */
    public UrlSigner(StoreLocation location, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
        this.region = location.region();
        this.credentials = credentials;
        URI endpoint = location.effectiveEndpoint();
        this.scheme = endpoint.getScheme();
        this.host = location.pathStyleAccess() ? endpoint.getHost() : location.bucket() + "." + endpoint.getHost();
        boolean usual = endpoint.getPort() == -1 || endpoint.getPort() == (scheme.equals("https") ? 443 : 80);
        this.port = usual ? -1 : endpoint.getPort();
        String base = endpoint.getRawPath() == null ? "" : endpoint.getRawPath().replaceAll("/+$", "");
        this.path = base + (location.pathStyleAccess() ? "/" + location.bucket() : "") + "/";
    }

    /**
     * Signs a request.
     *
     * @param key the name of the object: letters, digits, {@code -}, {@code .} and {@code /}
     * @param headers the headers that the sender must send with exactly these values
     * @param lifetime how long the store accepts the URL, 1 s to 7 days
     */
    public SignedRequest sign(SdkHttpMethod method, String key, Map<String, String> headers, Duration lifetime) {
        return sign(method, key, Map.of(), headers, lifetime);
    }

    /**
     * Signs the upload of one part.
     *
     * @param upload the id that the store gave the upload
     * @param number of the part, from 1 on
     */
    public SignedRequest signPart(
            String key, String upload, int number, Map<String, String> headers, Duration lifetime) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("partNumber", Integer.toString(number));
        query.put("uploadId", upload);
        return sign(SdkHttpMethod.PUT, key, query, headers, lifetime);
    }

    private SignedRequest sign(
            SdkHttpMethod method,
            String key,
            Map<String, String> parameters,
            Map<String, String> headers,
            Duration lifetime) {
        // The signer would sign the (absent) payload of a request over plain HTTP; the scheme itself is not part of
        // what is signed.
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(method)
                .protocol("https")
                .host(host)
                .port(port == -1 ? 443 : port)
                .encodedPath(path + key);
        parameters.forEach(request::putRawQueryParameter);
        headers.forEach(request::putHeader);
        var signed = SIGNER.sign(
                        sign -> sign.identity(credentials.resolveIdentity().join())
                                .request(request.build())
                                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                                .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                                .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, lifetime)
                                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false))
                .request();
        String authority = port == -1 ? host : host + ":" + port;
        Map<String, String> all = new LinkedHashMap<>();
        all.put("host", authority);
        all.putAll(headers);
        String query = signed.encodedQueryParameters().orElse("");
        return new SignedRequest(
                URI.create(scheme + "://" + authority + path + key + "?" + query), Collections.unmodifiableMap(all));
    }
}
