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
 * The end of a token. First it is known to Redis, so that no pod answers from its memory; then a marker with the receipt is in the bucket,
 * where it stays; then record and value go. Whoever begins again, after having stopped anywhere or at the same time, ends with the same
 * receipt.
 */
public final class Erasure {
    /** Longer than any pod remembers a record or any call takes. */
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
     * Of the records of one vault.
     *
     * @param maximumGrant how long a grant may last: one that was given before outlives no mark of the erasure
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
     * @return the receipt, a compact JWS; for a token that was erased before, that of the first time
     * @throws CallFailed {@link ErrorCode#UNKNOWN_TOKEN} when there never was one, or it was never erased and is gone
     */
    String erase(IdentifiedToken token) {
        RecordId id = token.recordId();
        ObjectName object = keyring.objectName(token.token());
        // In this order: who erases puts the marker before it deletes, so whoever finds no record any more finds the
        // marker.
        boolean there = records.exists(id);
        Optional<byte[]> first =
                markers.find(id).filter(content -> receipts.read(content).isPresent());
        if (!there && first.isEmpty()) {
            throw new CallFailed(ErrorCode.UNKNOWN_TOKEN, "There is no record for this token; nothing was erased.");
        }
        Instant erased = grants.erase(id, clock.instant().truncatedTo(ChronoUnit.SECONDS), remembered);
        byte[] receipt = first.orElseGet(() -> receipt(id, object, erased));
        if (first.isEmpty()) markers.put(id, receipt);
        records.delete(id);
        objects.delete(object);
        return new String(receipt, StandardCharsets.UTF_8);
    }

    /** Whether the marker of an erasure stands; the store is asked. */
    boolean isMarked(RecordId id) {
        return markers.find(id).isPresent();
    }

    /** With which others check receipts: a JWK Set. */
    String keys() {
        return receipts.jwks();
    }

    private byte[] receipt(RecordId id, ObjectName object, Instant erased) {
        return receipts.sign(new Receipt(vault, id, object, erased)).getBytes(StandardCharsets.UTF_8);
    }
}
