package dev.lunasec.s3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Uploads of one object in parts, with one SSE-C key. Clients send the parts with signed URLs; see {@link UrlSigner}.
 * Every method throws {@link SdkException} if the store gives no answer in time or an unexpected one.
 */
public final class MultipartUploads {
    /** S3 numbers parts from 1 to this. */
    public static final int MOST_PARTS = 10_000;

    /**
     * A part that the store has.
     *
     * @param etag without quotes
     * @param size in bytes
     */
    public record Part(int number, String etag, long size) {}

    /** What became of an upload that was to be completed. */
    public sealed interface Completion {
        /** The object exists now. */
        record Done() implements Completion {}

        /** There is no such upload: it was completed or aborted before. */
        record NotRunning() implements Completion {}

        /**
         * A part is not the one that the store has, or is too small.
         *
         * @param code of the store's answer
         */
        record PartsRefused(String code) implements Completion {}
    }

    /** A store may take long to put many parts together. Longer than {@link S3Connection#CALL}. */
    static final Duration COMPLETION = Duration.ofSeconds(15);

    /** Stores list up to a thousand parts in a page; a listing with more pages than this has no end. */
    private static final int MOST_PAGES = 100;

    private static final Set<String> REFUSALS = Set.of("InvalidPart", "InvalidPartOrder", "EntityTooSmall");

    private final S3Client s3;
    private final String bucket;

    public MultipartUploads(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /** Begins an upload, and returns the id that the store gave it. */
    public String begin(String name, SseCustomerKey key) {
        return s3.createMultipartUpload(
                        create -> create.bucket(bucket).key(name).overrideConfiguration(keyed(key)))
                .uploadId();
    }

    /** Whether an upload may be running: false if the store says that it has ended. */
    public boolean mayRun(String name, String upload) {
        return page(name, upload, null, 1) != null;
    }

    /** The parts that the store has, in the order of their numbers; empty if there is no such upload. */
    public Optional<List<Part>> parts(String name, String upload) {
        List<Part> parts = new ArrayList<>();
        Integer after = null;
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            ListPartsResponse page = page(name, upload, after, null);
            if (page == null) return Optional.empty();
            page.parts()
                    .forEach(part -> parts.add(new Part(part.partNumber(), withoutQuotes(part.eTag()), part.size())));
            Integer next = page.nextPartNumberMarker();
            if (!Boolean.TRUE.equals(page.isTruncated()) || next == null || next.equals(after)) break;
            after = next;
        }
        return parts.isEmpty() && !isListed(name, upload) ? Optional.empty() : Optional.of(parts);
    }

    /** S3Proxy lists no parts for an upload that does not exist. A store without this listing may have the upload. */
    private boolean isListed(String name, String upload) {
        try {
            return s3.listMultipartUploads(list -> list.bucket(bucket).prefix(name)).uploads().stream()
                    .anyMatch(listed ->
                            listed.key().equals(name) && listed.uploadId().equals(upload));
        } catch (S3Exception e) {
            if (UnknownRequest.is(e)) return true;
            throw e;
        }
    }

    private @Nullable ListPartsResponse page(
            String name, String upload, @Nullable Integer after, @Nullable Integer most) {
        try {
            return s3.listParts(list -> list.bucket(bucket)
                    .key(name)
                    .uploadId(upload)
                    .partNumberMarker(after)
                    .maxParts(most));
        } catch (S3Exception e) {
            if (isAbsent(e)) return null;
            throw e;
        }
    }

    /**
     * Completes an upload.
     *
     * @param parts in the order of their numbers
     */
    public Completion complete(String name, SseCustomerKey key, String upload, List<Part> parts) {
        List<CompletedPart> named = parts.stream()
                .map(part -> CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag('"' + part.etag() + '"')
                        .build())
                .toList();
        try {
            // Some stores need the key here, and the others ignore it.
            s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                    .key(name)
                    .uploadId(upload)
                    .multipartUpload(done -> done.parts(named))
                    .overrideConfiguration(keyed(key)
                            .andThen(request ->
                                    request.apiCallTimeout(COMPLETION).apiCallAttemptTimeout(COMPLETION))));
            return new Completion.Done();
        } catch (S3Exception e) {
            if (isAbsent(e)) return new Completion.NotRunning();
            if (REFUSALS.contains(code(e))) return new Completion.PartsRefused(code(e));
            throw e;
        }
    }

    /**
     * Aborts an upload.
     *
     * @return whether the store has ended it; false if it knows no such upload, because it was completed or aborted
     *     before, or is being completed
     */
    public boolean abort(String name, String upload) {
        try {
            s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(name).uploadId(upload));
            return true;
        } catch (S3Exception e) {
            if (code(e).equals("NoSuchUpload")) return false;
            throw e;
        }
    }

    /** Whether the object exists and opens with the key. */
    public boolean isThere(String name, SseCustomerKey key) {
        try {
            s3.headObject(head -> head.bucket(bucket).key(name).overrideConfiguration(keyed(key)));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    /** The text of an ETag without the quotes around it. */
    public static String withoutQuotes(String etag) {
        boolean quoted = etag.length() > 1 && etag.startsWith("\"") && etag.endsWith("\"");
        return quoted ? etag.substring(1, etag.length() - 1) : etag;
    }

    private static Consumer<AwsRequestOverrideConfiguration.Builder> keyed(SseCustomerKey key) {
        return request -> key.headers().forEach(request::putHeader);
    }

    private static boolean isAbsent(S3Exception e) {
        return e.statusCode() == 404 && !code(e).equals("NoSuchBucket");
    }

    private static String code(S3Exception e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }
}
