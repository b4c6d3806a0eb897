package dev.lunasec.contract;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the bucket of a vault is. The keyring pins it, so that a changed {@code spec.storage} never leads keys to
 * another, perhaps empty, store.
 *
 * @param endpoint the address of the store for operator and tokenizer, as in the resource; null for AWS
 * @param publicEndpoint the address of the store for clients; null for the same one
 */
public record BucketLocation(
        @Nullable String endpoint,
        @Nullable String publicEndpoint,
        String region,
        String bucket,
        boolean pathStyleAccess) {

    /** The location of the bucket of a resource. */
    public static BucketLocation of(
            @Nullable URI endpoint,
            @Nullable URI publicEndpoint,
            String region,
            String bucket,
            boolean pathStyleAccess) {
        return new BucketLocation(text(endpoint), text(publicEndpoint), region, bucket, pathStyleAccess);
    }

    /** The text in the keyring: JSON in the order of the fields, without white space. */
    public String write() {
        return new String(StrictJson.write(this), StandardCharsets.UTF_8);
    }

    /** Reads what {@link #write} gives; empty for any other text. */
    public static Optional<BucketLocation> read(String text) {
        return StrictJson.read(text.getBytes(StandardCharsets.UTF_8), BucketLocation.class)
                .filter(location -> location.region != null && location.bucket != null);
    }

    private static @Nullable String text(@Nullable URI address) {
        return address == null ? null : address.toString();
    }
}
