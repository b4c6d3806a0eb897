package dev.lunasec.s3;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * Signs URLs (Signature Version 4 in the query, payload unsigned). It makes no network call. It does not use the SDK's
 * signer, which takes nine times as long; a test compares the URLs of both.
 */
public final class UrlSigner {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    private final SigningKeys keys;
    private final Clock clock;
    private final String server;
    private final String authority;
    private final String path;

    /** @param location the URLs have its endpoint, whose host is signed */
    public UrlSigner(StoreLocation location, IdentityProvider<? extends AwsCredentialsIdentity> credentials) {
        this(location, credentials, Clock.systemUTC());
    }

    /** @param clock its zone does not matter */
    UrlSigner(StoreLocation location, IdentityProvider<? extends AwsCredentialsIdentity> credentials, Clock clock) {
        this.keys = new SigningKeys(location.region(), credentials);
        this.clock = clock;
        this.authority = location.authority();
        this.server = location.effectiveEndpoint().getScheme() + "://" + authority;
        this.path = location.path();
    }

    /**
     * Signs a request.
     *
     * @param key the name of the object
     * @param headers the headers that the sender must send with exactly these values. The names are in lower case, the
     *     values have no white space
     * @param lifetime how long the store accepts the URL, 1 s to 7 days
     */
    public SignedRequest sign(SdkHttpMethod method, String key, Map<String, String> headers, Duration lifetime) {
        return sign(method, key, "", headers, lifetime);
    }

    /**
     * Signs the upload of one part.
     *
     * @param upload the id that the store gave the upload
     * @param number of the part, from 1 on
     */
    public SignedRequest signPart(
            String key, String upload, int number, Map<String, String> headers, Duration lifetime) {
        String parameters = "&partNumber=" + number + "&uploadId=" + PercentEncoding.of(upload);
        return sign(SdkHttpMethod.PUT, key, parameters, headers, lifetime);
    }

    /** @param parameters what the query has beside the signature, behind its parameters in the order of characters */
    private SignedRequest sign(
            SdkHttpMethod method, String key, String parameters, Map<String, String> headers, Duration lifetime) {
        if (lifetime.compareTo(SHORTEST) < 0 || lifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a signed URL is valid for 1 s to 7 days");
        }
        Instant now = clock.instant();
        SigningKey signer = keys.at(now);
        String time = SigningKeys.TIME.format(now);
        SortedMap<String, String> signed = new TreeMap<>(headers);
        signed.put("host", authority);
        String names = String.join(";", signed.keySet());
        String object = path + PercentEncoding.ofPath(key);
        String query = signer.query(time, lifetime.toSeconds(), names) + parameters;
        StringBuilder request = new StringBuilder(1024)
                .append(method.name())
                .append('\n')
                .append(object)
                .append('\n')
                .append(query)
                .append('\n');
        signed.forEach(
                (name, value) -> request.append(name).append(':').append(value).append('\n'));
        request.append('\n').append(names).append("\nUNSIGNED-PAYLOAD");
        String signature = signer.signature(time, request.toString());
        Map<String, String> all = new LinkedHashMap<>();
        all.put("host", authority);
        all.putAll(headers);
        return new SignedRequest(
                server + object + "?" + query + "&X-Amz-Signature=" + signature, Collections.unmodifiableMap(all));
    }
}
