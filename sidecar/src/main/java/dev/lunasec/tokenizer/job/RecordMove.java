package dev.lunasec.tokenizer.job;

import dev.lunasec.s3.SmallObject;
import dev.lunasec.s3.VersionListing.Version;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.ErasureMarkers;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.RecordFolder;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.RecordJson;
import dev.lunasec.tokenizer.token.UnreadableRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one record from an old share to the primary one. Readers look under the primary share first, so they find the
 * record at every moment. A move may run twice, at the same time, or again after it stopped anywhere. An erasure writes
 * its marker before it deletes, and a move checks for the marker after it has written: so one of the two sees what the
 * other did.
 */
final class RecordMove {
    private static final Logger log = LoggerFactory.getLogger(RecordMove.class);

    /** The result of a move. */
    enum Outcome {
        MOVED,
        /** It is unreadable and was put aside unchanged. */
        QUARANTINED,
        /** Another process moved or erased it meanwhile. */
        GONE
    }

    private final Bucket bucket;
    private final RecordCipher cipher;
    private final int primary;
    private final RecordFolder folder;
    private final int share;
    private final ErasureMarkers markers;

    /**
     * The moves of the records of a folder.
     *
     * @param share of the keyring, not the primary one
     */
    RecordMove(Bucket bucket, Keyring keyring, RecordFolder folder, int share) {
        this.bucket = bucket;
        this.folder = folder;
        this.cipher = new RecordCipher(keyring);
        this.primary = keyring.primary();
        this.share = share;
        this.markers = new S3ErasureMarkers(bucket, keyring);
    }

    /** Where the records are; it ends in a slash. */
    String source() {
        return folder.of(share);
    }

    /**
     * Moves one version of a record. There is usually one; more are left by a put that was repeated, or by a bucket
     * whose versioning was switched on. Only the version that was read is deleted, so no version is lost that nobody
     * has read.
     */
    Outcome of(RecordId id, Version listed) {
        if (listed.deleteMarker()) {
            bucket.delete(listed);
            return Outcome.GONE;
        }
        Optional<SmallObject> old = bucket.get(folder.name(share, id), listed.latest() ? null : listed.id());
        if (old.isEmpty()) return Outcome.GONE;
        String read = old.get().version();
        // The version that has no id of its own is called null. A store without versions knows no such name.
        String version = read != null || listed.id() == null ? read : "null";
        Record moved;
        try {
            moved = cipher.rewrap(RecordJson.read(old.get().content(), id, share));
        } catch (UnreadableRecord e) {
            return quarantine(id, read, version, e);
        }
        bucket.put(folder.name(primary, id), RecordJson.write(moved), RecordJson.TYPE);
        boolean erased = erased(id);
        if (erased) bucket.delete(folder.name(primary, id));
        return delete(id, version, erased ? Outcome.GONE : Outcome.MOVED);
    }

    private Outcome quarantine(RecordId id, @Nullable String read, @Nullable String version, UnreadableRecord why) {
        if (!bucket.copy(folder.name(share, id), read, Layout.quarantined(share, id))) return Outcome.GONE;
        if (erased(id)) bucket.delete(Layout.quarantined(share, id));
        log.warn("the record {} of share {} is quarantined: {}", id, share, why.getMessage());
        return delete(id, version, Outcome.QUARANTINED);
    }

    private Outcome delete(RecordId id, @Nullable String version, Outcome outcome) {
        bucket.deleteVersion(folder.name(share, id), version);
        return outcome;
    }

    private boolean erased(RecordId id) {
        return markers.find(id).isPresent();
    }
}
