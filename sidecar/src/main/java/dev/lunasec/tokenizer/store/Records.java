package dev.lunasec.tokenizer.store;

import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.Optional;

/**
 * All records of a vault. A record is written once and never changed; a rotation moves it to another share's prefix.
 * All methods throw {@link dev.lunasec.tokenizer.failure.CallFailed} with {@link
 * dev.lunasec.contract.ErrorCode#STORAGE_UNAVAILABLE} when the store gives no answer in time.
 */
public interface Records {

    /**
     * Writes a new record. If it expires, an entry is written first, by which the sweep finds it.
     *
     * @param object of the same token
     */
    void put(Record record, ObjectName object);

    /**
     * Finds a record under whichever live share it is.
     *
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#CORRUPT_RECORD} when the
     *     record is unreadable or quarantined, {@link dev.lunasec.contract.ErrorCode#WRONG_BUCKET} when there is none
     *     and the bucket is not the vault's
     */
    Optional<Record> find(RecordId id);

    /** Whether {@link #find} would answer from the memory of this pod, without the store. */
    boolean isCached(RecordId id);

    /** Writes a new record that waits for its value. No caller can read the token before {@link #put}. */
    void putWaiting(Record record);

    /**
     * Finds a record that waits for its value. Each call asks the store.
     *
     * @throws dev.lunasec.tokenizer.failure.CallFailed as {@link #find}
     */
    Optional<Record> findWaiting(RecordId id);

    /** Deletes a record that waits for its value, under every share. */
    void deleteWaiting(RecordId id);

    /**
     * Whether a record exists anywhere, also quarantined or waiting for its value. Each call asks the store.
     *
     * @throws dev.lunasec.tokenizer.failure.CallFailed {@link dev.lunasec.contract.ErrorCode#WRONG_BUCKET} when there
     *     is none and the bucket is not the vault's
     */
    boolean exists(RecordId id);

    /** Deletes a record under every share, also a quarantined one, and one that waits for its value. */
    void delete(RecordId id);
}
