package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.token.Expiry;
import dev.lunasec.tokenizer.token.ExpiryEntry;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Records as objects {@code records/<share>/<id>}, and under {@code uploads/} while they wait for their values. A
 * record is written once, and a move only ever goes to the primary share.
 */
public final class S3Records implements Records {
    private static final String TELL = "tell the people who run the vault.";
    private static final int PRIMARY = 1;
    private static final int PRIMARY_AGAIN = 1;
    private static final int MARKER = 1;
    /** A listing and the identity, twice: the question of this call, and one that was being asked before. */
    static final int IDENTITY = 4;

    private final Bucket bucket;
    private final Keyring keyring;
    private final ErasureMarkers markers;
    private final RecordCipher cipher;
    private final RecordCache cache;

    public S3Records(Bucket bucket, Keyring keyring) {
        this.bucket = bucket;
        this.keyring = keyring;
        this.markers = new S3ErasureMarkers(bucket, keyring);
        this.cipher = new RecordCipher(keyring);
        this.cache = new RecordCache(S3Connection.CALL.multipliedBy(requestsOfSearch(keyring)));
    }

    @Override
    public void put(Record record, ObjectName object) {
        Instant expires = record.expires();
        // In this order: an entry without a record does no harm, but the sweep would never find a record without one.
        if (expires != null) {
            Expiry expiry = new Expiry(record.id(), object, expires);
            bucket.put(Layout.expiry(expiry), ExpiryEntry.write(expiry, keyring), ExpiryEntry.TYPE);
        }
        bucket.put(Layout.record(record.share(), record.id()), RecordJson.write(record), RecordJson.TYPE);
    }

    @Override
    public Optional<Record> find(RecordId id) {
        return cache.get(id, () -> search(RecordFolder.RECORDS, id).map(cipher::withOuterLayerOpened));
    }

    @Override
    public boolean isCached(RecordId id) {
        return cache.has(id);
    }

    @Override
    public void putWaiting(Record record) {
        bucket.put(RecordFolder.UPLOADS.name(record.share(), record.id()), RecordJson.write(record), RecordJson.TYPE);
    }

    @Override
    public Optional<Record> findWaiting(RecordId id) {
        return search(RecordFolder.UPLOADS, id);
    }

    @Override
    public void deleteWaiting(RecordId id) {
        bucket.delete(RecordFolder.UPLOADS.name(keyring.primary(), id));
        for (int share : keyring.older()) bucket.delete(RecordFolder.UPLOADS.name(share, id));
    }

    /** The most requests of {@link #search}, one after the other. */
    static int requestsOfSearch(Keyring keyring) {
        int older = keyring.older().length;
        int whileOthersAreLive = older == 0 ? 0 : older + PRIMARY_AGAIN + older + MARKER;
        return PRIMARY + whileOthersAreLive + IDENTITY;
    }

    private Optional<Record> search(RecordFolder folder, RecordId id) {
        Optional<Record> found = searchShares(folder, id);
        if (found.isEmpty()) bucket.requireOwn();
        return found;
    }

    /**
     * A rotation may move the record from an older prefix to the primary one between two requests, so the primary one
     * is asked again.
     */
    private Optional<Record> searchShares(RecordFolder folder, RecordId id) {
        int[] older = keyring.older();
        Optional<Record> found = get(folder, keyring.primary(), id);
        for (int i = 0; found.isEmpty() && i < older.length; i++) found = get(folder, older[i], id);
        if (older.length == 0) return found;
        if (found.isEmpty()) found = get(folder, keyring.primary(), id);
        boolean exists = found.isPresent() || quarantined(id);
        if (!exists || markers.find(id).isPresent()) return Optional.empty();
        if (found.isEmpty()) {
            throw new CallFailed(ErrorCode.CORRUPT_RECORD, "The record " + id.hex() + " is quarantined; " + TELL);
        }
        return found;
    }

    /** Asks for a record that can be read twice, because one that waits may become one between two requests. */
    @Override
    public boolean exists(RecordId id) {
        boolean exists = existsIn(RecordFolder.RECORDS, id)
                || existsIn(RecordFolder.UPLOADS, id)
                || existsIn(RecordFolder.RECORDS, id)
                || quarantined(id);
        if (!exists) bucket.requireOwn();
        return exists;
    }

    /** The primary share twice, as for {@link #find}. */
    private boolean existsIn(RecordFolder folder, RecordId id) {
        return bucket.exists(folder.name(keyring.primary(), id))
                || IntStream.of(keyring.older()).anyMatch(share -> bucket.exists(folder.name(share, id)))
                || (keyring.older().length > 0 && bucket.exists(folder.name(keyring.primary(), id)));
    }

    @Override
    public void delete(RecordId id) {
        deleteWaiting(id);
        bucket.delete(Layout.record(keyring.primary(), id));
        for (int share : keyring.older()) {
            bucket.delete(Layout.record(share, id));
            // A move copies it from the former to the latter, so the latter is deleted after the former.
            bucket.delete(Layout.quarantined(share, id));
        }
        cache.remove(id);
    }

    private Optional<Record> get(RecordFolder folder, int share, RecordId id) {
        try {
            return bucket.get(folder.name(share, id)).map(text -> RecordJson.read(text, id, share));
        } catch (UnreadableRecord e) {
            throw new CallFailed(ErrorCode.CORRUPT_RECORD, "The record " + id.hex() + " is unreadable; " + TELL, e);
        }
    }

    private boolean quarantined(RecordId id) {
        return IntStream.of(keyring.older()).anyMatch(share -> bucket.exists(Layout.quarantined(share, id)));
    }
}
