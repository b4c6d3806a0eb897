package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The proof that a bucket is this vault's, which a maintenance command needs before its first request, and again when a
 * minute has passed. The command moves and deletes records, so it stops as soon as the bucket may be another one.
 */
public final class FreshProof {
    private static final long FRESH = Duration.ofMinutes(1).toNanos();

    private final IdentityProof proof;
    private final LongSupplier nanos;
    /** Each thread that needs a new proof waits for the one that gets it. */
    private final ReentrantLock asking = new ReentrantLock();

    private boolean proven;
    private long provenAt;

    /** Asks the store at the first request. */
    public FreshProof(IdentityProof proof) {
        this(proof, System::nanoTime);
    }

    /** @param nanos a clock as {@link System#nanoTime} */
    FreshProof(IdentityProof proof, LongSupplier nanos) {
        this.proof = proof;
        this.nanos = nanos;
    }

    /**
     * The bucket of a connection. Every request fails with {@link ErrorCode#WRONG_BUCKET} if the bucket is not this
     * vault's, and with {@link ErrorCode#STORAGE_UNAVAILABLE} if the store does not say whose it is.
     */
    public Bucket bucket(S3Connection connection) {
        return new Bucket(
                new CheckedS3(connection.s3(), request -> require()),
                connection.location().bucket());
    }

    private void require() {
        asking.lock();
        try {
            long now = nanos.getAsLong();
            if (proven && now - provenAt < FRESH) return;
            proven = false;
            IdentityProof.Result result = proof.read();
            switch (result) {
                case IdentityProof.Proven ours -> {
                    proven = true;
                    provenAt = now;
                }
                case IdentityProof.Unknown unknown ->
                    throw new CallFailed(ErrorCode.STORAGE_UNAVAILABLE, "The bucket " + result.reason() + ".");
                case IdentityProof.Taken taken -> throw wrong(result);
                case IdentityProof.Absent absent -> throw wrong(result);
                case IdentityProof.NoBucket none -> throw wrong(result);
                case IdentityProof.Foreign foreign -> throw wrong(result);
            }
        } finally {
            asking.unlock();
        }
    }

    private static CallFailed wrong(IdentityProof.Result result) {
        return new CallFailed(
                ErrorCode.WRONG_BUCKET,
                "The bucket " + result.reason() + "; nothing more was changed in it. Check spec.storage, or bind the"
                        + " vault to this bucket.");
    }
}
