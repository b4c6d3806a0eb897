package dev.lunasec.tokenizer.store;

import static dev.lunasec.tokenizer.store.StoreAnswers.ask;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.MultipartUploads;
import dev.lunasec.s3.MultipartUploads.Completion;
import dev.lunasec.s3.MultipartUploads.Part;
import dev.lunasec.s3.SseCustomerKey;
import dev.lunasec.s3.StaleUploads;
import dev.lunasec.s3.UnknownRequest;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.ObjectName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The uploads of a bucket that run in parts. Every method throws {@link CallFailed} with {@link
 * ErrorCode#STORAGE_UNAVAILABLE} when the store gives no answer in time, or another one than it should.
 */
public final class BucketUploads {
    private final MultipartUploads uploads;
    private final StaleUploads stale;

    BucketUploads(S3Client s3, String bucket) {
        this.uploads = new MultipartUploads(s3, bucket);
        this.stale = new StaleUploads(s3, bucket);
    }

    /**
     * Begins an upload, and returns the id that the store gave it.
     *
     * @param key the SSE-C key of the object, 32 bytes
     * @throws CallFailed also {@link ErrorCode#NOT_SUPPORTED}
     */
    public String begin(ObjectName name, byte[] key) {
        return ask(() -> {
            try {
                return uploads.begin(Layout.object(name), new SseCustomerKey(key));
            } catch (S3Exception e) {
                if (!UnknownRequest.is(e)) throw e;
                throw new CallFailed(
                        ErrorCode.NOT_SUPPORTED,
                        "This object store takes no uploads in parts; send the value whole, to the URL of /tokenize.",
                        e);
            }
        });
    }

    /** Whether an upload may be running: false if the store says that it has ended. */
    public boolean mayRun(ObjectName name, String upload) {
        return ask(() -> uploads.mayRun(Layout.object(name), upload));
    }

    /** The parts that the store has, in the order of their numbers; empty if the upload does not run. */
    public Optional<List<Part>> parts(ObjectName name, String upload) {
        return ask(() -> uploads.parts(Layout.object(name), upload));
    }

    /** Completes an upload; parameters as for {@link #begin}. */
    public Completion complete(ObjectName name, byte[] key, String upload, List<Part> parts) {
        return ask(() -> uploads.complete(Layout.object(name), new SseCustomerKey(key), upload, parts));
    }

    /** Aborts an upload, and returns whether the store has ended it. */
    public boolean abort(ObjectName name, String upload) {
        return ask(() -> uploads.abort(Layout.object(name), upload));
    }

    /** Whether the object exists and opens with the key. */
    public boolean isThere(ObjectName name, byte[] key) {
        return ask(() -> uploads.isThere(Layout.object(name), new SseCustomerKey(key)));
    }

    /**
     * Aborts the uploads of all names that were begun at least so long ago by the store's clock.
     *
     * @return how many
     */
    public int abortOlder(Duration age) {
        return ask(() -> {
            List<MultipartUpload> old = stale.olderThan(age);
            old.forEach(stale::abort);
            return old.size();
        });
    }
}
