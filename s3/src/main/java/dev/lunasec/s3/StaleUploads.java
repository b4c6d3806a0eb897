package dev.lunasec.s3;

import dev.lunasec.runtime.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Finds and aborts multipart uploads that no caller completes. Their age is the difference of two times of the store's
 * clock, so a wrong clock of this machine aborts no upload that is in progress. Every method throws
 * {@link SdkException} if the store gives no answer or refuses one.
 */
public final class StaleUploads {
    private final S3Client s3;
    private final String bucket;

    public StaleUploads(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * The uploads that were begun at least so long ago; none on a store that does not list uploads. MinIO lists the
     * uploads of one exact name alone, and aborts stale ones itself.
     */
    public List<MultipartUpload> olderThan(Duration age) {
        List<MultipartUpload> stale = new ArrayList<>();
        ListMultipartUploadsRequest next =
                ListMultipartUploadsRequest.builder().bucket(bucket).build();
        while (true) {
            ListMultipartUploadsResponse page;
            try {
                page = s3.listMultipartUploads(next);
            } catch (S3Exception e) {
                if (UnknownRequest.is(e)) return stale;
                throw e;
            }
            Optional<Instant> limit = date(page).map(now -> now.minus(age));
            page.uploads().stream()
                    .filter(upload -> limit.isPresent()
                            && upload.initiated() != null
                            && upload.initiated().isBefore(limit.get()))
                    .forEach(stale::add);
            if (!Boolean.TRUE.equals(page.isTruncated()) || page.nextKeyMarker() == null) return stale;
            ListMultipartUploadsRequest before = next;
            next = before.copy(more -> more.keyMarker(page.nextKeyMarker()).uploadIdMarker(page.nextUploadIdMarker()));
            // A listing that does not advance has no end.
            if (next.equals(before)) return stale;
        }
    }

    /** Aborts an upload, if it still exists. */
    public void abort(MultipartUpload upload) {
        try {
            s3.abortMultipartUpload(
                    abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
        } catch (S3Exception e) {
            if (e.statusCode() != 404) throw e;
        }
    }

    /** The time of the store's clock; empty if it does not tell, so that nothing is old. */
    private static Optional<Instant> date(ListMultipartUploadsResponse page) {
        return page.sdkHttpResponse().firstMatchingHeader(HttpDate.HEADER).flatMap(HttpDate::parse);
    }
}
