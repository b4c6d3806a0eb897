package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.store.DataObjects;
import dev.lunasec.tokenizer.store.ErasureMarkers;
import dev.lunasec.tokenizer.store.Records;
import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.ReceiptKey;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Erases a token. First a mark in Redis stops every pod from answering from its cache. Then a marker is written into
 * the bucket, where it stays. Then all versions of record and value are deleted, and only then the receipt is made. An
 * erasure that is repeated, after a stop anywhere or at the same time, continues with the claims of the first one.
 */
public final class Erasure {
    /** Longer than any pod caches a record or any call takes. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private final Keyring keyring;
    private final Records records;
    private final ErasureMarkers markers;
    private final DataObjects objects;
    private final Grants grants;
    private final Duration remembered;
    private final Clock clock;

    /** In the order of their arrival, so that none waits until the others have ended. */
    private final Semaphore turns = new Semaphore(Limits.ERASURES, true);

    private volatile @Nullable ReceiptKey receiptKey;

    /**
     * The erasures of one vault.
     *
     * @param maximumGrant how long a grant may last; the mark in Redis outlives every grant that was set before it
     */
    public Erasure(
            Keyring keyring,
            Records records,
            ErasureMarkers markers,
            DataObjects objects,
            Grants grants,
            Duration maximumGrant,
            Clock clock) {
        this.keyring = keyring;
        this.records = records;
        this.markers = markers;
        this.objects = objects;
        this.grants = grants;
        this.remembered = maximumGrant.plus(MARGIN);
        this.clock = clock;
    }

    /**
     * Erases a token.
     *
     * @return the receipt, a compact JWS. A token that was erased before has the claims of the first erasure; while the
     *     primary share is the same, the receipt is the same
     * @throws CallFailed {@link ErrorCode#UNKNOWN_TOKEN} when the token never existed, or its record is gone without an
     *     erasure; {@link ErrorCode#REPLICATION_UNCONFIRMED} when a replica of Redis does not confirm the mark in time;
     *     {@link ErrorCode#ERASURE_INCOMPLETE} when the store does not delete everything; {@link
     *     ErrorCode#TOO_MANY_REQUESTS} after {@link Limits#ERASURE_WAIT} when {@link Limits#ERASURES} others are under
     *     way. Then there is no receipt, and the call can be repeated
     */
    String erase(IdentifiedToken token) {
        awaitTurn();
        try {
            return eraseNow(token);
        } finally {
            turns.release();
        }
    }

    /** How many erasures are under way, at most {@link Limits#ERASURES}. */
    int active() {
        return Limits.ERASURES - turns.availablePermits();
    }

    private void awaitTurn() {
        try {
            if (turns.tryAcquire(Limits.ERASURE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailed(ErrorCode.STOPPING, "The tokenizer is stopping; try again.", e);
        }
        throw new CallFailed(
                ErrorCode.TOO_MANY_REQUESTS,
                "This pod erases " + Limits.ERASURES + " tokens already, its most at the same time; try again soon.");
    }

    private String eraseNow(IdentifiedToken token) {
        RecordId id = token.recordId();
        ObjectName object = keyring.objectName(token.token());
        // In this order: an erasure writes the marker before it deletes the record, so if the record is gone, the
        // marker is there.
        boolean exists = records.exists(id);
        Optional<ErasureClaims> first = markers.find(id);
        if (!exists && first.isEmpty()) {
            throw new CallFailed(ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; nothing was erased.");
        }
        // Before anything is erased: no erasure may end without its receipt.
        ReceiptKey receipts = receiptKey();
        Instant erased = grants.erase(id, clock.instant().truncatedTo(ChronoUnit.SECONDS), remembered);
        ErasureClaims claims =
                first.orElseGet(() -> new ErasureClaims(keyring.vaultId(), id, object, erased, keyring.live()));
        if (first.isEmpty()) markers.put(claims);
        // Both return only when the store lists nothing for the names any more. So no receipt exists before.
        records.delete(id);
        objects.delete(object);
        return receipts.sign(claims.withShares(keyring.live()), token.token());
    }

    /**
     * Made for the first receipt and not at the start, because it takes long. Two threads may make one each; both have
     * the same bytes.
     */
    private ReceiptKey receiptKey() {
        ReceiptKey made = receiptKey;
        if (made != null) return made;
        made = keyring.receiptKey();
        receiptKey = made;
        return made;
    }

    /** Whether there is an erasure marker. Each call asks the store. */
    boolean isMarked(RecordId id) {
        return markers.find(id).isPresent();
    }

    /** The public keys that verify receipts, a JWK Set. */
    String keys() {
        return keyring.receiptKeys();
    }
}
