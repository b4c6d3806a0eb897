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
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
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
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.ObjectVersionStorageClass;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * The folders of a bucket that hold a million small objects in some hundred MiB of the heap. The file system in memory
 * would take 10 KiB for each, and would sort all names for each page of a listing. They have several contents, of which
 * a store serves one at a time. They can be put, read, deleted and listed, but not listed with a delimiter.
 */
public final class SmallObjects {
    private static final int LARGEST_PAGE = 1000;
    /** What S3 calls the version of an object in a bucket without versioning. */
    private static final String ONLY_VERSION = "null";

    private final List<String> folders;
    private final List<NavigableMap<String, Stored>> contents = new ArrayList<>();
    private final Queue<String> added = new ConcurrentLinkedQueue<>();
    private volatile NavigableMap<String, Stored> served = new ConcurrentSkipListMap<>();

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
        contents.add(new ConcurrentSkipListMap<>(served));
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
            if (isElsewhere(list.prefix())) return super.list(list);
            requireListable(list.prefix(), list.delimiter());
            String after = list.continuationToken() == null ? list.startAfter() : list.continuationToken();
            List<Map.Entry<String, Stored>> page = page(list.prefix(), after, list.maxKeys());
            List<S3Object> objects = page.stream()
                    .map(found -> SdkResponses.objectEntry(
                            found.getKey(),
                            tag(found.getValue().content),
                            found.getValue().modified,
                            (long) found.getValue().content.length,
                            StorageClass.STANDARD))
                    .toList();
            return SdkResponses.objectsPage(objects, List.of(), lastIfMore(list.prefix(), page));
        }

        @Override
        public ListObjectVersionsResponse listVersions(ListObjectVersionsRequest list) {
            if (isElsewhere(list.prefix())) return super.listVersions(list);
            requireListable(list.prefix(), list.delimiter());
            List<Map.Entry<String, Stored>> page = page(list.prefix(), list.keyMarker(), list.maxKeys());
            String last = lastIfMore(list.prefix(), page);
            return ListObjectVersionsResponse.builder()
                    .versions(page.stream().map(Front::onlyVersion).toList())
                    .isTruncated(last != null)
                    .nextKeyMarker(last)
                    .nextVersionIdMarker(last == null ? null : ONLY_VERSION)
                    .build();
        }

        private boolean isElsewhere(@Nullable String prefix) {
            return prefix != null && !prefix.isEmpty() && !holds(prefix);
        }

        /** An answer without these objects would look as if there were none. */
        private void requireListable(@Nullable String prefix, @Nullable String delimiter) {
            if (prefix == null || !holds(prefix) || delimiter != null) throw S3Exceptions.fromStatusCode(501);
        }

        private static ObjectVersion onlyVersion(Map.Entry<String, Stored> found) {
            return ObjectVersion.builder()
                    .key(found.getKey())
                    .versionId(ONLY_VERSION)
                    .isLatest(true)
                    .eTag(tag(found.getValue().content))
                    .size((long) found.getValue().content.length)
                    .lastModified(found.getValue().modified)
                    .storageClass(ObjectVersionStorageClass.STANDARD)
                    .build();
        }

        private List<Map.Entry<String, Stored>> page(String prefix, @Nullable String after, @Nullable Integer most) {
            boolean first = after == null || after.compareTo(prefix) < 0;
            return served.tailMap(first ? prefix : after, first).entrySet().stream()
                    .takeWhile(found -> found.getKey().startsWith(prefix))
                    .limit(most == null ? LARGEST_PAGE : Math.min(most, LARGEST_PAGE))
                    .toList();
        }

        /** The last name of a page; null if no name of the prefix comes after it. */
        private @Nullable String lastIfMore(String prefix, List<Map.Entry<String, Stored>> page) {
            if (page.isEmpty()) return null;
            String last = page.getLast().getKey();
            String next = served.higherKey(last);
            return next != null && next.startsWith(prefix) ? last : null;
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
