package dev.lunasec.local;

import dev.lunasec.testbed.EmbeddedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store that the vaults of the local system use.
 *
 * @param region null for the one that the resource names
 * @param authority a PEM file with the authority of its certificate; null for the public ones
 * @param bucketSuffix what the names of its buckets end with: a store that lives on has the buckets of former runs,
 *     whose keys are gone
 */
record StorePlace(
        URI endpoint,
        @Nullable String region,
        String accessKeyId,
        String secretAccessKey,
        @Nullable Path authority,
        String bucketSuffix) {
    private static final String ENDPOINT = "S3_ENDPOINT";
    private static final String AUTHORITY = "S3_CA";

    static StorePlace of(EmbeddedStore store) {
        return new StorePlace(store.endpoint(), null, store.accessKeyId(), store.secretAccessKey(), null, "");
    }

    /**
     * The store that the environment names; empty if it names none.
     *
     * @throws IllegalStateException if a variable is missing or wrong; the message says what to write
     */
    static Optional<StorePlace> named(Map<String, String> environment) {
        if (text(environment, ENDPOINT).isEmpty()) return Optional.empty();
        for (String name : List.of("S3_REGION", "S3_ACCESS_KEY", "S3_SECRET_KEY")) {
            if (text(environment, name).isEmpty())
                throw new IllegalStateException(
                        name + " is not set; set it for the store of S3_ENDPOINT, or unset S3_ENDPOINT.");
        }
        byte[] suffix = new byte[4];
        new SecureRandom().nextBytes(suffix);
        return Optional.of(new StorePlace(
                endpoint(text(environment, ENDPOINT)),
                text(environment, "S3_REGION"),
                text(environment, "S3_ACCESS_KEY"),
                text(environment, "S3_SECRET_KEY"),
                authority(text(environment, AUTHORITY)),
                "-" + HexFormat.of().formatHex(suffix)));
    }

    /** Whether it is the store in the memory of this process. */
    boolean isEmbedded() {
        return bucketSuffix.isEmpty();
    }

    /** The content of the file with the authority; null for the public ones. */
    @Nullable
    String authorityPem() {
        try {
            return authority == null ? null : Files.readString(authority);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Omits the keys. */
    @Override
    public String toString() {
        return "StorePlace[" + endpoint + "]";
    }

    private static URI endpoint(String value) {
        if (value.matches("https?://[^/?#]+/?")) return URI.create(value);
        throw new IllegalStateException(
                ENDPOINT + " is not a URL of a store; set it to one like https://127.0.0.1:9000.");
    }

    private static @Nullable Path authority(String value) {
        if (value.isEmpty()) return null;
        try {
            Path file = Path.of(value).toAbsolutePath();
            if (Files.isReadable(file)) return file;
        } catch (InvalidPathException e) {
            // Answered below, as a file that is not there.
        }
        throw new IllegalStateException(
                AUTHORITY + " is not a file that can be read; set it to a PEM file, or unset it.");
    }

    private static String text(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
