package dev.lunasec.testbed;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * The folders of a bucket that hold a million small objects in some hundred MiB of the heap. The file system in memory
 * would take 10 KiB for each. They have several contents, of which a store serves one at a time. They can be put, read
 * and deleted, and not be listed.
 */
public final class SmallObjects {
    private final List<String> folders;
    private final List<Map<String, Stored>> contents = new ArrayList<>();
    private final Queue<String> added = new ConcurrentLinkedQueue<>();
    private volatile Map<String, Stored> served = new ConcurrentHashMap<>();

    private record Stored(byte[] content, @Nullable String type, Instant modified) {}

    /** @param folders what the names of the objects begin with; the store keeps all other objects in its own way */
    public SmallObjects(String... folders) {
        this.folders = List.of(folders);
        contents.add(served);
    }

    /**
     * Makes a further content, which begins with the objects of the one that is served.
     *
     * @return its number; that of the first content is 0
     */
    public int copy() {
        contents.add(new ConcurrentHashMap<>(served));
        return contents.size() - 1;
    }

    /** Adds an object to a content without a request to the store. */
    public void add(int content, String name, byte[] bytes, String type) {
        contents.get(content).put(name, new Stored(bytes, type, Instant.EPOCH));
    }

    /** How many objects of a folder a content has. */
    public long count(int content, String folder) {
        return contents.get(content).keySet().stream()
                .filter(name -> name.startsWith(folder))
                .count();
    }

    /** Takes away what requests put into the content that is served, and then serves another one or the same. */
    public void serve(int content) {
        for (String name = added.poll(); name != null; name = added.poll()) served.remove(name);
        served = contents.get(content);
    }

    /** Keeps what requests have put into the content that is served. */
    public void keep() {
        added.clear();
    }

    BlobStore before(BlobStore others) {
        return new Front(others);
    }

    private boolean holds(String name) {
        return folders.stream().anyMatch(name::startsWith);
    }

    private static String tag(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }

    private final class Front extends ForwardingBlobStore {
        Front(BlobStore others) {
            super(others);
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest put, InputStream content) {
            if (!holds(put.key())) return super.putBlob(put, content);
            try {
                byte[] bytes = content.readAllBytes();
                added.add(put.key());
                served.put(put.key(), new Stored(bytes, put.contentType(), Instant.now()));
                return SdkResponses.putResponse(tag(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest get) {
            if (!holds(get.key())) return super.getBlob(get);
            Stored found = find(get.bucket(), get.key());
            return SdkResponses.getResponse(described(found), new ByteArrayInputStream(found.content));
        }

        @Override
        public HeadObjectResponse blobMetadata(HeadObjectRequest head) {
            if (!holds(head.key())) return super.blobMetadata(head);
            return SdkResponses.toHead(described(find(head.bucket(), head.key())));
        }

        @Override
        public boolean blobExists(String bucket, String name) {
            return holds(name) ? served.containsKey(name) : super.blobExists(bucket, name);
        }

        @Override
        public DeleteObjectResponse removeBlob(DeleteObjectRequest delete) {
            if (!holds(delete.key())) return super.removeBlob(delete);
            served.remove(delete.key());
            return DeleteObjectResponse.builder().build();
        }

        @Override
        public ListObjectsV2Response list(ListObjectsV2Request list) {
            String prefix = list.prefix();
            if (prefix != null && !prefix.isEmpty() && !holds(prefix)) return super.list(list);
            // An answer without these objects would look as if there were none.
            throw S3Exceptions.fromStatusCode(501);
        }

        private Stored find(String bucket, String name) {
            Stored found = served.get(name);
            if (found == null) throw S3Exceptions.noSuchKey(bucket, name, "there is no such object");
            return found;
        }

        private GetObjectResponse described(Stored stored) {
            return GetObjectResponse.builder()
                    .contentLength((long) stored.content.length)
                    .contentType(stored.type)
                    .eTag(tag(stored.content))
                    .lastModified(stored.modified)
                    .build();
        }
    }
}
