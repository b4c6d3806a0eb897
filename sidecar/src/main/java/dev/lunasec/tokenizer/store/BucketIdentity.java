package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Whether the bucket is the one of this vault, as the last clear answer of the store said. Without a clear answer,
 * nothing changes: a store that is down for a moment is no other store.
 */
public final class BucketIdentity {
    private static final Logger log = LoggerFactory.getLogger(BucketIdentity.class);

    private final IdentityProof proof;
    /** Fair, so that a call waits for two questions at most. */
    private final ReentrantLock asking = new ReentrantLock(true);

    private volatile boolean wrong;
    /** How often the store was asked, with the question that is being asked. */
    private volatile long questions;

    /** Is not wrong before the first check. */
    public BucketIdentity(IdentityProof proof) {
        this.proof = proof;
    }

    /**
     * The bucket of a connection. While the identity is wrong, every write fails with {@link ErrorCode#WRONG_BUCKET},
     * and so does a search that finds no record; records that are there are read.
     */
    public Bucket bucket(S3Connection connection) {
        return new Bucket(
                new CheckedS3(connection.s3(), this::requireForWrite),
                connection.location().bucket(),
                this::requireOwnNow);
    }

    /** Asks the store, and logs when the answer is another one than before. */
    public void check() {
        asking.lock();
        try {
            ask();
        } finally {
            asking.unlock();
        }
    }

    /** The caller must hold {@link #asking}. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void ask() {
        questions++;
        IdentityProof.Result result = proof.read();
        if (result instanceof IdentityProof.Unknown) return;
        boolean wrongNow = !(result instanceof IdentityProof.Proven);
        if (wrongNow != wrong) {
            if (wrongNow) log.error("the bucket {}; nothing is written into it", result.reason());
            else log.info("the bucket {} again", result.reason());
        }
        wrong = wrongNow;
    }

    /** Whether the last clear answer was that the bucket is not this vault's. */
    public boolean isWrong() {
        return wrong;
    }

    private void requireForWrite(S3Request request) {
        if (!reads(request)) requireOwn();
    }

    /**
     * Asks the store first, so that an exchange of the bucket is noticed at once. Calls at the same time share one
     * question. A question that was asked before this call does not count, because its answer may be older than an
     * exchange.
     */
    private void requireOwnNow() {
        long before = questions;
        if (!wrong) {
            asking.lock();
            try {
                if (!wrong && questions == before) ask();
            } finally {
                asking.unlock();
            }
        }
        requireOwn();
    }

    private void requireOwn() {
        if (!wrong) return;
        throw new CallFailed(
                ErrorCode.WRONG_BUCKET,
                "The bucket is not the one of this vault, so nothing is written into it, and a record that is not in"
                        + " it may exist; tell the people who run the vault.");
    }

    private static boolean reads(S3Request request) {
        return request instanceof GetObjectRequest
                || request instanceof HeadObjectRequest
                || request instanceof ListObjectsV2Request
                || request instanceof ListObjectVersionsRequest
                || request instanceof ListMultipartUploadsRequest
                || request instanceof GetBucketVersioningRequest;
    }
}
