package dev.lunasec.local.shop;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists what the bucket of the vault holds. A real shop has no credentials of the bucket: this one shows that they
 * would be of no use to a thief.
 */
public final class Bucket implements AutoCloseable {
    private static final int SHOWN = 8;

    /** An object. */
    record Entry(String name, long size) {}

    /**
     * The content of the bucket.
     *
     * @param objects how many there are, at most 1,000
     * @param newest the last ones
     * @param problem why it is not known; null if it is
     */
    record Content(
            int objects, List<Entry> newest, @Nullable String problem) {}

    private final S3Connection store;
    private final String name;

    /** @param authority PEM with the only authorities that are trusted; null for those of Java */
    public Bucket(StoreLocation location, AccessKeys keys, @Nullable String authority) {
        store = new S3Connection(location, keys, authority);
        name = location.bucket();
    }

    Content list() {
        try {
            List<S3Object> objects =
                    store.s3().listObjectsV2(list -> list.bucket(name)).contents();
            List<Entry> newest = objects.stream()
                    .sorted(Comparator.comparing(S3Object::lastModified).reversed())
                    .limit(SHOWN)
                    .map(object -> new Entry(object.key(), object.size()))
                    .toList();
            return new Content(objects.size(), newest, null);
        } catch (SdkException e) {
            return new Content(0, List.of(), "The bucket cannot be listed at the moment.");
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
