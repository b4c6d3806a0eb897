package dev.lunasec.testbed;

import java.io.InputStream;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * An S3 store in the memory of this process, without buckets at first. It enforces signatures, their expiry, signed
 * lengths and SSE-C. It speaks HTTP on a port of 127.0.0.1 and wants path-style access.
 */
public final class EmbeddedStore implements AutoCloseable {
    /** What the secure frame sends with signed URLs: the headers of the CORS rule that the operator sets. */
    public static final List<String> HEADERS_OF_FRAMES = List.of(
            "content-type",
            "if-none-match",
            "x-amz-server-side-encryption-customer-algorithm",
            "x-amz-server-side-encryption-customer-key",
            "x-amz-server-side-encryption-customer-key-md5");

    private final String accessKeyId;
    private final String secretAccessKey;
    private final BlobStore blobs;
    private volatile Consumer<String> onWrite = write -> {};
    private volatile Consumer<String> onRead = read -> {};
    private volatile boolean takesSmallParts;
    private CrossOriginResourceSharing cors = CrossOriginResourceSharing.disabled();
    private final int port = FreePort.find();
    private S3Proxy proxy;

    /** Starts a store with keys of its own. */
    public EmbeddedStore() {
        this("local-" + random(8), random(20));
    }

    /**
     * Starts a store with keys of its own that answers 507 to what would be too much.
     *
     * @param limit how much of the heap its objects may take, in bytes
     */
    public EmbeddedStore(long limit) {
        this("local-" + random(8), random(20), limit);
    }

    /** Starts a store with these keys. */
    public EmbeddedStore(String accessKeyId, String secretAccessKey) {
        this(accessKeyId, secretAccessKey, Long.MAX_VALUE);
    }

    /**
     * The same with other folders for small objects.
     *
     * @param small the objects of the one bucket that the store will have
     */
    public EmbeddedStore(String accessKeyId, String secretAccessKey, SmallObjects small) {
        this(accessKeyId, secretAccessKey, small.before(new TransientNio2BlobStore()));
    }

    private EmbeddedStore(String accessKeyId, String secretAccessKey, long limit) {
        this(accessKeyId, secretAccessKey, new LimitedStore(new TransientNio2BlobStore(), limit));
    }

    private EmbeddedStore(String accessKeyId, String secretAccessKey, BlobStore store) {
        this.blobs = new WatchedStore(store);
        this.accessKeyId = accessKeyId;
        this.secretAccessKey = secretAccessKey;
        this.proxy = start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public String accessKeyId() {
        return accessKeyId;
    }

    public String secretAccessKey() {
        return secretAccessKey;
    }

    /**
     * Reports every object that is put or deleted, after the store has done it and before the caller has the answer.
     *
     * @param listener takes a line like {@code PUT records/1/…} or {@code DELETE records/1/…}
     */
    public void onWrite(Consumer<String> listener) {
        onWrite = listener;
    }

    /**
     * Reports every request for the content of an object, before the store looks for the object.
     *
     * @param listener takes a line like {@code GET records/1/…}
     */
    public void onRead(Consumer<String> listener) {
        onRead = listener;
    }

    /**
     * Completes uploads whose parts are smaller than the 5 MiB that S3 demands, so that a test can have many parts.
     * Meanwhile it lists parts without their sizes.
     */
    public void takeSmallParts(boolean small) {
        takesSmallParts = small;
    }

    /**
     * Lets the pages of an origin use signed URLs, as the CORS rule of a bucket does on other stores. The store
     * restarts.
     *
     * @param headers that the pages may send, in lower case
     */
    public void allowPagesOf(String origin, List<String> headers) {
        stop();
        cors = new CrossOriginResourceSharing(List.of(origin), List.of("GET", "PUT"), headers, List.of("ETag"), "");
        restart();
    }

    /** Refuses connections from now on, and keeps its objects. */
    public void stop() {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The object store can't be stopped: " + e.getMessage(), e);
        }
    }

    /** Serves again after {@link #stop}, at the same address and with the same objects. */
    public void restart() {
        proxy = start();
    }

    @Override
    public void close() {
        stop();
    }

    private S3Proxy start() {
        S3Proxy started = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(endpoint())
                .corsRules(cors)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKeyId, secretAccessKey)
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

    private final class WatchedStore extends ForwardingBlobStore {
        WatchedStore(BlobStore store) {
            super(store);
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest put, InputStream content) {
            PutObjectResponse done = super.putBlob(put, content);
            onWrite.accept("PUT " + put.key());
            return done;
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest get) {
            onRead.accept("GET " + get.key());
            return super.getBlob(get);
        }

        /** S3Proxy takes a part of any size if the store does not say it. */
        @Override
        public List<Part> listMultipartUpload(MultipartUpload upload) {
            List<Part> parts = super.listMultipartUpload(upload);
            if (!takesSmallParts) return parts;
            return parts.stream().map(part -> part.copy(any -> any.size(-1L))).toList();
        }

        @Override
        public DeleteObjectResponse removeBlob(DeleteObjectRequest delete) {
            DeleteObjectResponse done = super.removeBlob(delete);
            onWrite.accept("DELETE " + delete.key());
            return done;
        }
    }
}
