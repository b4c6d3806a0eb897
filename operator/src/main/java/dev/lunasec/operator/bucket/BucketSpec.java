package dev.lunasec.operator.bucket;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.StoreLocation;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Which bucket, for whom, and with which keys.
 *
 * @param endpoint of the store; null for AWS
 * @param credentials null for the operator's own identity
 * @param trustedCaPem null for the well-known authorities alone
 * @param frameOrigin the origin whose pages may use signed URLs; null for none
 * @param owner {@code <namespace>/<name>} of the resource, which the bucket is tagged with
 */
public record BucketSpec(
        String bucket,
        String region,
        @Nullable URI endpoint,
        boolean pathStyleAccess,
        Provisioning provisioning,
        @Nullable Credentials credentials,
        @Nullable String trustedCaPem,
        @Nullable String frameOrigin,
        String owner) {

    /** How the operator comes to the bucket. */
    public enum Provisioning {
        /** Makes it when it is missing. */
        CREATE,
        /** It must be there; its settings are set. */
        ADOPT,
        /** It must be there; nothing of it is changed. */
        VERIFY
    }

    /** Keys for the store. */
    public record Credentials(String accessKeyId, String secretAccessKey) {
        /** Without the keys. */
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }

    public StoreLocation location() {
        return new StoreLocation(bucket, region, endpoint, pathStyleAccess);
    }

    @Nullable
    public AccessKeys accessKeys() {
        return credentials == null ? null : new AccessKeys(credentials.accessKeyId(), credentials.secretAccessKey());
    }

    /** Whether a setting is wanted at all. */
    public boolean wants(Setting setting) {
        return switch (setting) {
            case TLS_ONLY -> overTls();
            case CORS -> frameOrigin != null;
            case OWNER_TAG, SSEC_ALLOWED, PUBLIC_ACCESS_BLOCK, ABORT_STALE_UPLOADS -> true;
        };
    }

    /** Whether clients come by TLS; a policy that demands it would else lock everyone out. */
    private boolean overTls() {
        return location().effectiveEndpoint().getScheme().equals("https");
    }
}
