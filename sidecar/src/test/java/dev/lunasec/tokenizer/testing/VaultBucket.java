package dev.lunasec.tokenizer.testing;

import dev.lunasec.contract.VaultId;
import dev.lunasec.contract.VaultIdentity;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.testbed.EmbeddedStore;
import dev.lunasec.testbed.SmallObjects;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/**
 * The bucket of a vault in an embedded store of its own. The store can be stopped and restarted; it keeps its objects.
 */
public final class VaultBucket implements AutoCloseable {
    public static final AccessKeys KEYS = new AccessKeys("embedded-access", "embedded-secret");

    /** The cluster of the vault. */
    static final String CLUSTER = "cluster";

    public static final String NAME = "vault";

    private final EmbeddedStore store;

    /** Starts the store and creates the bucket. */
    public VaultBucket() {
        this(new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey()));
    }

    /** The same with other folders for small objects. */
    VaultBucket(SmallObjects small) {
        this(new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey(), small));
    }

    private VaultBucket(EmbeddedStore store) {
        this.store = store;
        try (S3Connection connection = connection()) {
            connection.s3().createBucket(create -> create.bucket(NAME));
        } catch (BucketAlreadyOwnedByYouException e) {
            // The store answered the first attempt of the SDK too late.
        }
    }

    public URI endpoint() {
        return store.endpoint();
    }

    public StoreLocation location() {
        return new StoreLocation(NAME, "us-east-1", endpoint(), true);
    }

    /** Closed by the caller. */
    public S3Connection connection() {
        return new S3Connection(location(), KEYS, null);
    }

    /** Makes it the bucket of the vault with a lookup key. */
    public void identify(byte[] lookup) {
        identify(lookup, CLUSTER);
    }

    /** Makes it the bucket of the vault with a copy of the keyring in another cluster. */
    public void identify(byte[] lookup, String cluster) {
        try (S3Connection connection = connection()) {
            IdentityProof.of(connection, lookup)
                    .put(new VaultIdentity(VaultId.of(lookup), "payments", "vault", cluster, "2026-11-26T01:02:03Z"));
        }
    }

    /** See {@link EmbeddedStore#onRead}. */
    public void onRead(Consumer<String> listener) {
        store.onRead(listener);
    }

    /** See {@link EmbeddedStore#onWrite}. */
    public void onWrite(Consumer<String> listener) {
        store.onWrite(listener);
    }

    /** See {@link EmbeddedStore#takeSmallParts}. */
    public void takeSmallParts(boolean small) {
        store.takeSmallParts(small);
    }

    /** See {@link EmbeddedStore#allowPagesOf}. */
    public void allowPagesOf(String origin, List<String> headers) {
        store.allowPagesOf(origin, headers);
    }

    public void stop() {
        store.stop();
    }

    public void restart() {
        store.restart();
    }

    @Override
    public void close() {
        store.close();
    }
}
