package dev.lunasec.tokenizer.store;

import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.Optional;

/**
 * A marker for each record that was erased; it stays for good. Both methods throw
 * {@link dev.lunasec.tokenizer.failure.CallFailed} with {@link dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE} when
 * the store gives no answer in time.
 */
public interface ErasureMarkers {

    /** The claims of the marker of a record; empty also for a marker that this vault did not write for this record. */
    Optional<ErasureClaims> find(RecordId id);

    /** Marks a record as erased, before anything of it is deleted. */
    void put(ErasureClaims claims);
}
