package dev.lunasec.local;

import dev.lunasec.s3.AccessKeys;
import java.io.InputStream;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** An object store in memory that enforces signatures, their expiry, signed lengths and SSE-C. What it holds is gone with the process. */
public final class EmbeddedS3 implements AutoCloseable {
    private final AccessKeys keys = new AccessKeys("local-" + random(8), random(20));
    private final BlobStore blobs = new Watched(new TransientNio2BlobStore());
    private volatile Consumer<String> onWrite = write -> {};
    private final int port;
    private S3Proxy proxy;

    /** Starts on any free port. */
    public EmbeddedS3() {
        proxy = start(0);
        port = proxy.getPort();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public AccessKeys keys() {
        return keys;
    }

    /**
     * Tells of every object that is put or deleted, when that is done and before the caller hears of it.
     *
     * @param listener takes a line like {@code PUT records/1/…} or {@code DELETE records/1/…}
     */
    public void onWrite(Consumer<String> listener) {
        onWrite = listener;
    }

    /** Takes no more requests, and keeps what it holds. */
    public void goAway() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the store can't be stopped", e);
        }
    }

    /** Is there again, at the same address. */
    public void comeBack() {
        proxy = start(port);
    }

    @Override
    public void close() {
        goAway();
    }

    private S3Proxy start(int onPort) {
        S3Proxy started = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:" + onPort))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, keys.accessKeyId(), keys.secretAccessKey())
                .build();
        try {
            started.start();
        } catch (Exception e) {
            throw new IllegalStateException("The object store can't be started: " + e.getMessage(), e);
        }
        return started;
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private final class Watched extends ForwardingBlobStore {
        Watched(BlobStore store) {
            super(store);
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest put, InputStream content) {
            PutObjectResponse done = super.putBlob(put, content);
            onWrite.accept("PUT " + put.key());
            return done;
        }

        @Override
        public DeleteObjectResponse removeBlob(DeleteObjectRequest delete) {
            DeleteObjectResponse done = super.removeBlob(delete);
            onWrite.accept("DELETE " + delete.key());
            return done;
        }
    }
}
