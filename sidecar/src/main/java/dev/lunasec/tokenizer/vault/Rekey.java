package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.DataObjects;
import dev.lunasec.tokenizer.store.Records;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;

/**
 * Makes a new token for the value of an old one. The store copies the value to a new object under a new key, then the
 * new record is written. If anything fails before that, the copy is deleted and the old token is as it was.
 */
final class Rekey {
    private final Keyring keyring;
    private final RecordCipher cipher;
    private final RecordReader reader;
    private final Records records;
    private final DataObjects objects;
    private final Erasure erasure;
    private final Clock clock;
    private final Semaphore copies = new Semaphore(Limits.COPIES);

    Rekey(
            Keyring keyring,
            RecordCipher cipher,
            RecordReader reader,
            Records records,
            DataObjects objects,
            Erasure erasure,
            Clock clock) {
        this.keyring = keyring;
        this.cipher = cipher;
        this.reader = reader;
        this.records = records;
        this.objects = objects;
        this.erasure = erasure;
        this.clock = clock;
    }

    /** How many copies are under way, at most {@link Limits#COPIES}. */
    int active() {
        return Limits.COPIES - copies.availablePermits();
    }

    /**
     * Rekeys.
     *
     * @throws CallFailed {@link ErrorCode#UNKNOWN_TOKEN} when there is no value, {@link ErrorCode#TOO_MANY_REQUESTS}
     *     when too many copies are under way, {@link ErrorCode#NOT_SUPPORTED} when the store can't copy to another key
     */
    IdentifiedToken rekey(IdentifiedToken old) {
        Record record = reader.find(old.recordId());
        Payload payload = reader.open(old, record);
        Token fresh = Token.random();
        ObjectName copy = keyring.objectName(fresh);
        Payload rekeyed = payload.rekeyed();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (!copies.tryAcquire()) {
            throw new CallFailed(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "The tokenizer copies as many values as it does at once; try again soon.");
        }
        try {
            boolean copied = objects.copy(keyring.objectName(old.token()), payload.dek(), copy, rekeyed.dek());
            // If an erasure begins after this check, the caller has sent both calls at the same time and must order
            // them.
            if (!copied || erasure.isMarked(old.recordId())) {
                throw new CallFailed(
                        ErrorCode.UNKNOWN_TOKEN,
                        "There is no value for this token; it was never uploaded, or has been erased.");
            }
            Record written = cipher.seal(fresh, rekeyed, now, record.expires());
            records.put(written, copy);
            return new IdentifiedToken(fresh, written.id());
        } catch (RuntimeException e) {
            delete(keyring.recordId(fresh), copy, e);
            throw e;
        } finally {
            copies.release();
        }
    }

    /**
     * Deletes what was written for a new token that no caller knows.
     *
     * @param why the failure that the caller is told; one of the deletion does not replace it
     */
    private void delete(RecordId id, ObjectName copy, RuntimeException why) {
        try {
            records.delete(id);
            objects.delete(copy);
        } catch (CallFailed e) {
            why.addSuppressed(e);
        }
    }
}
