package dev.lunasec.tokenizer.testing;

import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.testbed.FreePort;
import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** A real store in memory, which enforces signatures, expiry and SSE-C. It can go away and come back with what it held. */
public final class EmbeddedStore implements AutoCloseable {
    public static final AccessKeys KEYS = new AccessKeys("embedded-access", "embedded-secret");
    public static final String BUCKET = "vault";

    private final TransientNio2BlobStore blobs = new TransientNio2BlobStore();
    private S3Proxy proxy;
    private final int port;

    public EmbeddedStore() {
        port = FreePort.find();
        proxy = start();
        try (S3Connection connection = connection()) {
            connection.s3().createBucket(create -> create.bucket(BUCKET));
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public StoreLocation location() {
        return new StoreLocation(BUCKET, "us-east-1", endpoint(), true);
    }

    /** Closed by the caller. */
    public S3Connection connection() {
        return new S3Connection(location(), KEYS, null);
    }

    public void goAway() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public void comeBack() {
        proxy = start();
    }

    @Override
    public void close() {
        goAway();
    }

    private S3Proxy start() {
        S3Proxy started = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEYS.accessKeyId(), KEYS.secretAccessKey())
                .build();
        try {
            started.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return started;
    }
}
