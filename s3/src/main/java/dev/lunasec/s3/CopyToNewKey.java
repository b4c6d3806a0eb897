package dev.lunasec.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Copies an object to another name and another SSE-C key in its bucket. The store copies the bytes itself. */
public final class CopyToNewKey {
    /** The outcome of a copy that the store answered. */
    public enum Result {
        COPIED,
        /** The object does not exist. */
        ABSENT,
        /** The store does not copy from one SSE-C key to another; Ceph RGW answers 501, for example. */
        UNSUPPORTED
    }

    /** An object and its SSE-C key. */
    public record KeyedObject(String name, SseCustomerKey key) {}

    /** The maximum of S3 for one object. */
    private static final long MOST_PARTS = 10_000;

    /**
     * The error codes with which stores refuse a copy that they do not support, with status 400; other errors with 400
     * may pass.
     */
    private static final Set<String> UNSUPPORTED_CODES = Set.of("NotImplemented", "InvalidRequest", "InvalidArgument");

    private static final String ALGORITHM = "AES256";
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Client s3;
    private final String bucket;
    private final long part;
    private final LongSupplier nanoTime;

    public CopyToNewKey(S3Client s3, String bucket) {
        this(s3, bucket, CopyTimes.PART, System::nanoTime);
    }

    /**
     * With smaller or larger parts.
     *
     * @param part the size of a part in bytes, at least the 5 MiB that S3 demands
     * @param nanoTime as {@link System#nanoTime}
     */
    CopyToNewKey(S3Client s3, String bucket, long part, LongSupplier nanoTime) {
        this.s3 = s3;
        this.bucket = bucket;
        this.part = part;
        this.nanoTime = nanoTime;
    }

    /**
     * Copies an object, and replaces one that has the new name.
     *
     * @throws SdkException when the store gives no answer in time or an unexpected one, or does not copy all parts
     *     within nine minutes; the copy may exist nevertheless
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
            if (unsupported(e)) return Result.UNSUPPORTED;
            throw e;
        }
        // A store that ignores the keys does not find the object with the new key, or finds it with any key.
        HeadObjectResponse copy = head(to);
        boolean same = copy.contentLength().equals(source.contentLength())
                && to.key.md5().equals(copy.sseCustomerKeyMD5());
        return same ? Result.COPIED : Result.UNSUPPORTED;
    }

    private static boolean unsupported(S3Exception e) {
        return e.statusCode() == NOT_IMPLEMENTED
                || (e.awsErrorDetails() != null
                        && UNSUPPORTED_CODES.contains(e.awsErrorDetails().errorCode()));
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
        CopyTimes times = new CopyTimes(nanoTime);
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
                parts.add(copyPart(upload, parts.size() + 1, range, times.ofPart(each), source.eTag(), from, to));
            }
            Consumer<AwsRequestOverrideConfiguration.Builder> completion = times.within(MultipartUploads.COMPLETION);
            // Some stores need the key here, and the others ignore it.
            s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                    .overrideConfiguration(completion)
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
            String upload,
            int number,
            String range,
            Consumer<AwsRequestOverrideConfiguration.Builder> times,
            String etagOfSource,
            KeyedObject from,
            KeyedObject to) {
        String etag = s3.uploadPartCopy(copy -> copy.sourceBucket(bucket)
                        .overrideConfiguration(times)
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

    /** An upload that cannot be aborted now is removed by the bucket's rule for stale uploads. */
    private void abort(String name, String upload, SdkException why) {
        try {
            s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(name).uploadId(upload));
        } catch (SdkException e) {
            why.addSuppressed(e);
        }
    }
}
