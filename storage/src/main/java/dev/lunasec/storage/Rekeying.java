package dev.lunasec.storage;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Copies an object to another name and another SSE-C key within its bucket: the bytes pass through nobody but the store. */
public final class Rekeying {
    /** How it went, unless the store could not be asked. */
    public enum Result {
        COPIED,
        /** There is nothing to copy. */
        ABSENT,
        /** The store does not copy from one such key to another; Ceph RGW answers 501, for example. */
        UNSUPPORTED
    }

    /** An object and its key. */
    public record Keyed(String name, SseCustomerKey key) {}

    /** What a store copies well within the deadline of a call. */
    private static final long PART = 64L << 20;

    private static final String ALGORITHM = "AES256";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Client s3;
    private final String bucket;
    private final long part;

    public Rekeying(S3Client s3, String bucket) {
        this(s3, bucket, PART);
    }

    /** @param part what is copied with one request, in bytes; S3 takes no parts under 5 MiB */
    Rekeying(S3Client s3, String bucket, long part) {
        this.s3 = s3;
        this.bucket = bucket;
        this.part = part;
    }

    /**
     * Copies, over an object that is there.
     *
     * @throws SdkException when the store gives no answer in time, or another one than it should; there may be a copy then
     */
    public Result copy(Keyed from, Keyed to) {
        HeadObjectResponse source;
        try {
            source = head(from);
        } catch (NoSuchKeyException e) {
            return Result.ABSENT;
        }
        try {
            if (source.contentLength() > part) copyParts(source, from, to);
            else copyWhole(from, to);
            // A store that passes over the keys would not find the object under the new one, or find it under any.
            HeadObjectResponse copy = head(to);
            return copy.contentLength().equals(source.contentLength())
                            && to.key.md5().equals(copy.sseCustomerKeyMD5())
                    ? Result.COPIED
                    : Result.UNSUPPORTED;
        } catch (S3Exception e) {
            // The requests are well formed, and the source has just been read with its key.
            if (e.statusCode() == NOT_IMPLEMENTED || e.statusCode() == BAD_REQUEST) return Result.UNSUPPORTED;
            throw e;
        }
    }

    private HeadObjectResponse head(Keyed object) {
        return s3.headObject(head -> head.bucket(bucket)
                .key(object.name)
                .sseCustomerAlgorithm(ALGORITHM)
                .sseCustomerKey(object.key.base64())
                .sseCustomerKeyMD5(object.key.md5()));
    }

    private void copyWhole(Keyed from, Keyed to) {
        s3.copyObject(copy -> copy.sourceBucket(bucket)
                .sourceKey(from.name)
                .copySourceSSECustomerAlgorithm(ALGORITHM)
                .copySourceSSECustomerKey(from.key.base64())
                .copySourceSSECustomerKeyMD5(from.key.md5())
                .destinationBucket(bucket)
                .destinationKey(to.name)
                .sseCustomerAlgorithm(ALGORITHM)
                .sseCustomerKey(to.key.base64())
                .sseCustomerKeyMD5(to.key.md5()));
    }

    private void copyParts(HeadObjectResponse source, Keyed from, Keyed to) {
        String upload = s3.createMultipartUpload(create -> create.bucket(bucket)
                        .key(to.name)
                        .contentType(source.contentType())
                        .sseCustomerAlgorithm(ALGORITHM)
                        .sseCustomerKey(to.key.base64())
                        .sseCustomerKeyMD5(to.key.md5()))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (long begin = 0; begin < source.contentLength(); begin += part) {
                long end = Math.min(begin + part, source.contentLength()) - 1;
                parts.add(copyPart(upload, parts.size() + 1, "bytes=" + begin + "-" + end, from, to));
            }
            // Not every store wants the key once more here, and none minds.
            s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                    .key(to.name)
                    .uploadId(upload)
                    .multipartUpload(done -> done.parts(parts))
                    .sseCustomerAlgorithm(ALGORITHM)
                    .sseCustomerKey(to.key.base64())
                    .sseCustomerKeyMD5(to.key.md5()));
        } catch (SdkException e) {
            abort(to.name, upload, e);
            throw e;
        }
    }

    private CompletedPart copyPart(String upload, int number, String range, Keyed from, Keyed to) {
        String etag = s3.uploadPartCopy(copy -> copy.sourceBucket(bucket)
                        .sourceKey(from.name)
                        .copySourceRange(range)
                        .copySourceSSECustomerAlgorithm(ALGORITHM)
                        .copySourceSSECustomerKey(from.key.base64())
                        .copySourceSSECustomerKeyMD5(from.key.md5())
                        .destinationBucket(bucket)
                        .destinationKey(to.name)
                        .uploadId(upload)
                        .partNumber(number)
                        .sseCustomerAlgorithm(ALGORITHM)
                        .sseCustomerKey(to.key.base64())
                        .sseCustomerKeyMD5(to.key.md5()))
                .copyPartResult()
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    /** What can't be aborted now, the bucket's own rule for stale uploads ends. */
    private void abort(String name, String upload, SdkException why) {
        try {
            s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(name).uploadId(upload));
        } catch (SdkException e) {
            why.addSuppressed(e);
        }
    }
}
