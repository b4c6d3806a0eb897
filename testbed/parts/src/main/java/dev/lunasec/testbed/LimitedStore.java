package dev.lunasec.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * A store in memory that takes no more than a number of bytes. It answers 507 to what would be more, because a full
 * heap stops the whole process without a word. An old version that is overwritten keeps its place until it is deleted
 * by its id.
 */
final class LimitedStore extends ForwardingBlobStore {
    /** The file system in memory gives each object whole blocks; the other part is for names and attributes. */
    private static final int BLOCK = 8 << 10;

    private static final int PER_OBJECT = 2 << 10;

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final Map<String, Long> sizes = new ConcurrentHashMap<>();

    LimitedStore(BlobStore store, long limit) {
        super(store);
        this.limit = limit;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest put, InputStream content) {
        return charge(
                put.contentLength(),
                content,
                () -> super.putBlob(put, content),
                done -> object(put.bucket(), put.key(), done.versionId()));
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest copy) {
        HeadObjectRequest source = HeadObjectRequest.builder()
                .bucket(copy.sourceBucket())
                .key(copy.sourceKey())
                .versionId(copy.sourceVersionId())
                .build();
        return charge(
                super.blobMetadata(source).contentLength(),
                InputStream.nullInputStream(),
                () -> super.copyBlob(copy),
                done -> object(copy.destinationBucket(), copy.destinationKey(), done.versionId()));
    }

    @Override
    public UploadPartResponse uploadMultipartPart(MultipartUpload upload, UploadPartRequest part, InputStream content) {
        return charge(
                part.contentLength(),
                content,
                () -> super.uploadMultipartPart(upload, part, content),
                done -> parts(upload) + part.partNumber());
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        CompleteMultipartUploadResponse answer = super.completeMultipartUpload(upload, request);
        long size = releaseParts(upload);
        used.addAndGet(size);
        keep(object(upload.containerName(), upload.blobName(), answer.versionId()), size);
        return answer;
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        super.abortMultipartUpload(upload);
        releaseParts(upload);
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest delete) {
        DeleteObjectResponse answer = super.removeBlob(delete);
        release(object(delete.bucket(), delete.key(), delete.versionId()));
        return answer;
    }

    @Override
    public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest delete) {
        DeleteObjectsResponse answer = super.removeBlobs(delete);
        delete.delete().objects().forEach(each -> release(object(delete.bucket(), each.key(), each.versionId())));
        return answer;
    }

    /**
     * Makes room for content, writes it, and keeps the room under the id of what was written; gives it back if the
     * write fails.
     */
    private <T> T charge(@Nullable Long length, InputStream content, Supplier<T> write, Function<T, String> id) {
        long size = length == null ? 0 : length;
        long charged = (size + BLOCK - 1) / BLOCK * BLOCK + PER_OBJECT;
        boolean kept = false;
        try {
            if (used.addAndGet(charged) > limit) throw full(content);
            T done = write.get();
            keep(id.apply(done), charged);
            kept = true;
            return done;
        } finally {
            if (!kept) used.addAndGet(-charged);
        }
    }

    private void keep(String id, long size) {
        Long before = sizes.put(id, size);
        if (before != null) used.addAndGet(-before);
    }

    private long release(String id) {
        Long size = sizes.remove(id);
        if (size == null) return 0;
        used.addAndGet(-size);
        return size;
    }

    private long releaseParts(MultipartUpload upload) {
        List<String> parts = sizes.keySet().stream()
                .filter(id -> id.startsWith(parts(upload)))
                .toList();
        return parts.stream().mapToLong(this::release).sum();
    }

    /** Reads the content first: a client that still sends it would find a closed connection and not read the answer. */
    private S3Exception full(InputStream content) {
        try {
            content.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String sentence = "The store in memory is full (" + (limit >> 20)
                + " MiB); delete vaults, or use a real store: set S3_ENDPOINT and start again.";
        return (S3Exception) S3Exception.builder()
                .statusCode(507)
                .message(sentence)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("InsufficientStorage")
                        .errorMessage(sentence)
                        .sdkHttpResponse(
                                SdkHttpResponse.builder().statusCode(507).build())
                        .build())
                .build();
    }

    private static String parts(MultipartUpload upload) {
        return "part " + upload.id() + " ";
    }

    private static String object(String bucket, String key, @Nullable String version) {
        return bucket + "/" + key + (version == null ? "" : " " + version);
    }
}
