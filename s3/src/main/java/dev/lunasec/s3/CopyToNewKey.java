package dev.lunasec.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Copies an object to another name and another SSE-C key within its bucket: the bytes pass through nobody but the store. */
public final class CopyToNewKey {
    /** How it went, unless the store could not be asked. */
    public enum Result {
        COPIED,
        /** There is nothing to copy. */
        ABSENT,
        /** The store does not copy from one such key to another; Ceph RGW answers 501, for example. */
        UNSUPPORTED
    }

    /** An object and its key. */
    public record KeyedObject(String name, SseCustomerKey key) {}

    /** What a busy store copies within the deadline of an attempt. */
    private static final long PART = 16L << 20;

    /** S3 takes no more in one object. */
    private static final long MOST_PARTS = 10_000;

    /** What stores answer to a copy that they can't do, with 400; other causes of a 400 pass. */
    private static final Set<String> CANNOT = Set.of("NotImplemented", "InvalidRequest", "InvalidArgument");

    private static final String ALGORITHM = "AES256";
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Client s3;
    private final String bucket;
    private final long part;

    public CopyToNewKey(S3Client s3, String bucket) {
        this(s3, bucket, PART);
    }

    /** @param part what is copied with one request, in bytes; S3 takes no parts under 5 MiB */
    CopyToNewKey(S3Client s3, String bucket, long part) {
        this.s3 = s3;
        this.bucket = bucket;
        this.part = part;
    }

    /**
     * Copies, over an object that is there.
     *
     * @throws SdkException when the store gives no answer in time, or another one than it should; there may be a copy then
     */
    public Result copy(KeyedObject from, KeyedObject to) {
        HeadObjectResponse source;
        try {
            source = head(from);
            if (source.contentLength() > part) copyParts(source, from, to);
            else copyWhole(source, from, to);
        } catch (NoSuchKeyException e) {
            return Result.ABSENT;
        } catch (S3Exception e) {
            if (cannot(e)) return Result.UNSUPPORTED;
            throw e;
        }
        // A store that passes over the keys would not find the object under the new one, or find it under any.
        HeadObjectResponse copy = head(to);
        boolean same = copy.contentLength().equals(source.contentLength())
                && to.key.md5().equals(copy.sseCustomerKeyMD5());
        return same ? Result.COPIED : Result.UNSUPPORTED;
    }

    private static boolean cannot(S3Exception e) {
        return e.statusCode() == NOT_IMPLEMENTED
                || (e.awsErrorDetails() != null
                        && CANNOT.contains(e.awsErrorDetails().errorCode()));
    }

    private HeadObjectResponse head(KeyedObject object) {
        return s3.headObject(head -> head.bucket(bucket)
                .key(object.name)
                .sseCustomerAlgorithm(ALGORITHM)
                .sseCustomerKey(object.key.base64())
                .sseCustomerKeyMD5(object.key.md5()));
    }

    private void copyWhole(HeadObjectResponse source, KeyedObject from, KeyedObject to) {
        s3.copyObject(copy -> copy.sourceBucket(bucket)
                .sourceKey(from.name)
                .copySourceIfMatch(source.eTag())
                .copySourceSSECustomerAlgorithm(ALGORITHM)
                .copySourceSSECustomerKey(from.key.base64())
                .copySourceSSECustomerKeyMD5(from.key.md5())
                .destinationBucket(bucket)
                .destinationKey(to.name)
                .sseCustomerAlgorithm(ALGORITHM)
                .sseCustomerKey(to.key.base64())
                .sseCustomerKeyMD5(to.key.md5()));
    }

    private void copyParts(HeadObjectResponse source, KeyedObject from, KeyedObject to) {
        String upload = s3.createMultipartUpload(create -> create.bucket(bucket)
                        .key(to.name)
                        .contentType(source.contentType())
                        .contentEncoding(source.contentEncoding())
                        .contentDisposition(source.contentDisposition())
                        .contentLanguage(source.contentLanguage())
                        .cacheControl(source.cacheControl())
                        .metadata(source.metadata())
                        .sseCustomerAlgorithm(ALGORITHM)
                        .sseCustomerKey(to.key.base64())
                        .sseCustomerKeyMD5(to.key.md5()))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            long size = source.contentLength();
            long each = Math.max(part, Math.ceilDiv(size, MOST_PARTS));
            for (long begin = 0; begin < size; begin += each) {
                String range = "bytes=" + begin + "-" + (Math.min(begin + each, size) - 1);
                parts.add(copyPart(upload, parts.size() + 1, range, source.eTag(), from, to));
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

    private CompletedPart copyPart(
            String upload, int number, String range, String etagOfSource, KeyedObject from, KeyedObject to) {
        String etag = s3.uploadPartCopy(copy -> copy.sourceBucket(bucket)
                        .sourceKey(from.name)
                        .copySourceRange(range)
                        .copySourceIfMatch(etagOfSource)
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
