package dev.lunasec.s3;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;

/**
 * Which bucket, and where.
 *
 * @param endpoint of the store; null for AWS
 * @param pathStyleAccess whether the bucket stands in the path instead of the host name
 */
public record StoreLocation(
        String bucket, String region, @Nullable URI endpoint, boolean pathStyleAccess) {

    /** The endpoint that is meant, also where none is given. */
    public URI effectiveEndpoint() {
        if (endpoint != null) return endpoint;
        return URI.create("https://s3." + region + "."
                + Region.of(region).metadata().partition().dnsSuffix());
    }
}
