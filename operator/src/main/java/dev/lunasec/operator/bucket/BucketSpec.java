package dev.lunasec.operator.bucket;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.StoreLocation;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bucket that a vault asks for.
 *
 * @param endpoint of the store; null for AWS
 * @param publicEndpoint at which clients reach the same store; null for {@code endpoint}
 * @param credentials null for the operator's own cloud identity
 * @param trustedCaPem certificates that the store's certificate may be signed by; null for the public authorities only
 * @param frameOrigin the web origin that may use signed URLs in a browser; null for none
 * @param owner {@code <namespace>/<name>} of the resource; the value of the bucket's owner tag
 */
public record BucketSpec(
        String bucket,
        String region,
        @Nullable URI endpoint,
        @Nullable URI publicEndpoint,
        boolean pathStyleAccess,
        Provisioning provisioning,
        @Nullable Credentials credentials,
        @Nullable String trustedCaPem,
        @Nullable String frameOrigin,
        String owner) {

    /** What the operator may do to the bucket. */
    public enum Provisioning {
        /** Create it if it is missing, and change its settings. */
        CREATE,
        /** Change the settings of a bucket that exists. */
        ADOPT,
        /** Change nothing; the bucket must exist. */
        VERIFY
    }

    /** Access keys of the store. */
    public record Credentials(String accessKeyId, String secretAccessKey) {
        /** Omits the keys. */
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }

    public StoreLocation location() {
        return new StoreLocation(bucket, region, endpoint, pathStyleAccess);
    }

    /** Where clients reach the bucket, if that is another address than the operator uses. */
    public Optional<StoreLocation> publicLocation() {
        return publicEndpoint == null || publicEndpoint.equals(endpoint)
                ? Optional.empty()
                : Optional.of(new StoreLocation(bucket, region, publicEndpoint, pathStyleAccess));
    }

    @Nullable
    public AccessKeys accessKeys() {
        return credentials == null ? null : new AccessKeys(credentials.accessKeyId(), credentials.secretAccessKey());
    }

    /** Whether all reach the store over TLS. If not, a policy that requires TLS would lock out the others. */
    public boolean usesTls() {
        return usesTls(location()) && publicLocation().map(BucketSpec::usesTls).orElse(true);
    }

    private static boolean usesTls(StoreLocation location) {
        return location.effectiveEndpoint().getScheme().equals("https");
    }
}
