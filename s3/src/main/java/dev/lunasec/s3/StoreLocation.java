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

    /** The host of the URLs of objects, with its port unless that is the usual one of the scheme. */
    String authority() {
        URI address = effectiveEndpoint();
        String host = host();
        int usual = address.getScheme().equals("https") ? 443 : 80;
        return address.getPort() == -1 || address.getPort() == usual ? host : host + ":" + address.getPort();
    }

    /** The host of the URLs of objects. */
    String host() {
        String host = effectiveEndpoint().getHost();
        return pathStyleAccess ? host : bucket + "." + host;
    }

    /** The path of the URLs of objects, up to the name of the object, with a slash at both ends. */
    String path() {
        String path = effectiveEndpoint().getRawPath();
        String base = path == null ? "" : path.replaceAll("/+$", "");
        return base + (pathStyleAccess ? "/" + bucket : "") + "/";
    }

    /** The URL that every signed URL begins with: that of the bucket, with a slash at its end. */
    public String objectsUrl() {
        return effectiveEndpoint().getScheme() + "://" + authority() + path();
    }
}
