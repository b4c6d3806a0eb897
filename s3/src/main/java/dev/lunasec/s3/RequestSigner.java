package dev.lunasec.s3;

import dev.lunasec.runtime.Sha256;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * Signs requests that this process sends itself (Signature Version 4 in the header, payload signed). So no log of the
 * store has a URL that others can use. A test compares the signatures with those of the SDK.
 */
final class RequestSigner {
    private final SigningKeys keys;
    private final Clock clock;
    private final URI endpoint;
    private final String authority;
    private final String host;
    private final String path;

    /** @param clock its zone does not matter */
    RequestSigner(StoreLocation location, IdentityProvider<? extends AwsCredentialsIdentity> credentials, Clock clock) {
        this.keys = new SigningKeys(location.region(), credentials);
        this.clock = clock;
        this.endpoint = location.effectiveEndpoint();
        this.authority = location.authority();
        this.host = location.host();
        this.path = location.path();
    }

    /**
     * Signs a request.
     *
     * @param key the name of the object
     * @param version of the object; null for none
     * @param contentType of the content; null for none
     * @param content empty for none
     * @throws IllegalArgumentException if the name is empty, because the request would be one for the bucket
     */
    SdkHttpRequest sign(
            SdkHttpMethod method, String key, @Nullable String version, @Nullable String contentType, byte[] content) {
        if (key.isEmpty()) throw new IllegalArgumentException("the name of an object is empty");
        Instant now = clock.instant();
        SigningKey signer = keys.at(now);
        String time = SigningKeys.TIME.format(now);
        String hash = HexFormat.of().formatHex(Sha256.of(content));
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("host", authority);
        headers.put("x-amz-content-sha256", hash);
        headers.put("x-amz-date", time);
        if (contentType != null) headers.put("content-type", contentType);
        if (signer.sessionToken() != null) headers.put("x-amz-security-token", signer.sessionToken());
        String names = String.join(";", headers.keySet());
        String object = path + PercentEncoding.ofPath(key);
        StringBuilder signed = new StringBuilder(512)
                .append(method.name())
                .append('\n')
                .append(object)
                .append('\n')
                .append(version == null ? "" : "versionId=" + PercentEncoding.of(version))
                .append('\n');
        headers.forEach(
                (name, value) -> signed.append(name).append(':').append(value).append('\n'));
        signed.append('\n').append(names).append('\n').append(hash);
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(method)
                .protocol(endpoint.getScheme())
                .host(host)
                .port(endpoint.getPort() == -1 ? null : endpoint.getPort())
                .encodedPath(object);
        if (method == SdkHttpMethod.PUT) request.putHeader("content-length", Integer.toString(content.length));
        if (version != null) request.putRawQueryParameter("versionId", version);
        headers.forEach(request::putHeader);
        request.putHeader("authorization", signer.authorization(names, signer.signature(time, signed.toString())));
        return request.build();
    }
}
