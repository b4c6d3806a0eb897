package dev.lunasec.s3;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;

/**
 * The location of a bucket.
 *
 * @param endpoint the address of the store; null for AWS
 * @param pathStyleAccess whether the name of the bucket is in the path of a URL; otherwise it is in the host name
 */
public record StoreLocation(
        String bucket, String region, @Nullable URI endpoint, boolean pathStyleAccess) {

    /** The endpoint, or the one of AWS where none is given. */
    public URI effectiveEndpoint() {
        if (endpoint != null) return endpoint;
        return URI.create("https://s3." + region + "."
                + Region.of(region).metadata().partition().dnsSuffix());
    }
}
