package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.ErasureMarkers;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what belongs to an erasure marker, but nothing for a marker that someone else wrote. Threads may share it.
 */
final class MarkedDeletions {
    private static final Logger log = LoggerFactory.getLogger(MarkedDeletions.class);

    private final Bucket bucket;
    private final ErasureMarkers erasures;
    private final StoreRetry retry;
    private final Remaining remaining = new Remaining();

    MarkedDeletions(Bucket bucket, Keyring keyring, StoreRetry retry) {
        this.bucket = bucket;
        this.erasures = new S3ErasureMarkers(bucket, keyring);
        this.retry = retry;
    }

    /** Deletes the record in a folder; returns whether it is gone. */
    boolean deleteRecord(String folder, RecordId id) throws InterruptedException {
        return remaining
                .past("the erased record " + id, () -> retry.with(() -> deleteIfMarked(folder, id)))
                .orElse(false);
    }

    /** Deletes the object that the marker names; returns whether it is gone. */
    boolean deleteValue(RecordId id) throws InterruptedException {
        return remaining
                .past("the value of the erased record " + id, () -> retry.with(() -> deleteMarkedValue(id)))
                .orElse(false);
    }

    /** @throws CallFailed {@link ErrorCode#ERASURE_INCOMPLETE} when the store did not delete something */
    void requireNoneRemains() {
        remaining.requireNone();
    }

    private boolean deleteIfMarked(String folder, RecordId id) {
        if (erasures.find(id).isEmpty()) {
            log.warn("this vault did not write the erasure marker of the record {}, so the record stays", id);
            return false;
        }
        bucket.delete(folder + id);
        return true;
    }

    private boolean deleteMarkedValue(RecordId id) {
        Optional<ErasureClaims> erasure = erasures.find(id);
        if (erasure.isEmpty()) {
            log.warn(
                    "this vault did not write the erasure marker of the record {}, so no object is deleted for it", id);
            return false;
        }
        bucket.delete(Layout.object(erasure.get().object()));
        return true;
    }
}
