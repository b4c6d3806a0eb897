package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.TokenizerSettings.VaultName;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.store.DataObjects;
import dev.lunasec.tokenizer.store.ErasureMarkers;
import dev.lunasec.tokenizer.store.Records;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.Receipt;
import dev.lunasec.tokenizer.token.ReceiptKey;
import dev.lunasec.tokenizer.token.RecordId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Erases a token. First a mark in Redis stops every pod from answering from its cache. Then a marker with the receipt is written into the
 * bucket, where it stays. Then record and value are deleted. An erasure that is repeated, after a stop anywhere or at the same time, ends
 * with the same receipt.
 */
public final class Erasure {
    /** Longer than any pod caches a record or any call takes. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private final Keyring keyring;
    private final ReceiptKey receipts;
    private final String vault;
    private final Records records;
    private final ErasureMarkers markers;
    private final DataObjects objects;
    private final Grants grants;
    private final Duration remembered;
    private final Clock clock;

    /**
     * The erasures of one vault.
     *
     * @param maximumGrant how long a grant may last; the mark in Redis outlives every grant that was set before it
     */
    public Erasure(
            Keyring keyring,
            VaultName vault,
            Records records,
            ErasureMarkers markers,
            DataObjects objects,
            Grants grants,
            Duration maximumGrant,
            Clock clock) {
        this.keyring = keyring;
        this.receipts = keyring.receiptKey();
        this.vault = vault.namespace() + "/" + vault.name();
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
     * @return the receipt, a compact JWS; for a token that was erased before, the first receipt
     * @throws CallFailed {@link ErrorCode#UNKNOWN_TOKEN} when the token never existed, or its record is gone without an erasure
     */
    String erase(IdentifiedToken token) {
        RecordId id = token.recordId();
        ObjectName object = keyring.objectName(token.token());
        // In this order: an erasure writes the marker before it deletes the record, so if the record is gone, the
        // marker is
        // there.
        boolean exists = records.exists(id);
        Optional<byte[]> first = markers.find(id).filter(content -> isReceipt(content, id, object));
        if (!exists && first.isEmpty()) {
            throw new CallFailed(ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; nothing was erased.");
        }
        Instant erased = grants.erase(id, clock.instant().truncatedTo(ChronoUnit.SECONDS), remembered);
        byte[] receipt = first.orElseGet(() -> receipt(id, object, erased));
        if (first.isEmpty()) markers.put(id, receipt);
        records.delete(id);
        objects.delete(object);
        return new String(receipt, StandardCharsets.UTF_8);
    }

    /** Whether there is an erasure marker. Each call asks the store. */
    boolean isMarked(RecordId id) {
        return markers.find(id).isPresent();
    }

    /** The public keys that verify receipts, a JWK Set. */
    String keys() {
        return receipts.jwks();
    }

    /** A receipt of another record or another object, copied to this name, proves nothing about this one. */
    private boolean isReceipt(byte[] content, RecordId id, ObjectName object) {
        return receipts.read(content)
                .filter(read -> read.record().equals(id) && read.object().equals(object))
                .isPresent();
    }

    private byte[] receipt(RecordId id, ObjectName object, Instant erased) {
        return receipts.sign(new Receipt(vault, id, object, erased)).getBytes(StandardCharsets.UTF_8);
    }
}
