package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.store.Records;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.time.Clock;
import java.util.Optional;

/** Finds and opens the record of a token. */
final class RecordReader {
    private final RecordCipher cipher;
    private final Records records;
    private final Clock clock;

    RecordReader(RecordCipher cipher, Records records, Clock clock) {
        this.cipher = cipher;
        this.records = records;
        this.clock = clock;
    }

    /** @throws CallFailed {@link ErrorCode#UNKNOWN_TOKEN} when there is no record or it has expired */
    Record find(RecordId id) {
        return unexpired(id).orElseThrow(RecordReader::unknown);
    }

    /** The refusal of a token that has no record. */
    static CallFailed unknown() {
        return new CallFailed(
                ErrorCode.UNKNOWN_TOKEN,
                "There is no record for this token; it may have been erased, or have expired.");
    }

    /** Whether there is a record that has not expired. */
    boolean exists(RecordId id) {
        return unexpired(id).isPresent();
    }

    /** The record that waits for its value, if it has not expired. */
    Optional<Record> waiting(RecordId id) {
        return records.findWaiting(id).filter(found -> !found.expired(clock.instant()));
    }

    private Optional<Record> unexpired(RecordId id) {
        return records.find(id).filter(found -> !found.expired(clock.instant()));
    }

    /**
     * Finds the record of a token and opens it.
     *
     * @throws CallFailed as {@link #find} and {@link #open}
     */
    OpenRecord read(IdentifiedToken token) {
        Record record = find(token.recordId());
        return new OpenRecord(record, open(token, record));
    }

    /** @throws CallFailed {@link ErrorCode#CORRUPT_RECORD} when the record does not open with this token */
    Payload open(IdentifiedToken token, Record record) {
        try {
            return cipher.open(token.token(), token.recordId(), record);
        } catch (UnreadableRecord e) {
            throw new CallFailed(
                    ErrorCode.CORRUPT_RECORD,
                    "The record " + record.id() + " is unreadable; tell the people who run the vault.",
                    e);
        }
    }
}
