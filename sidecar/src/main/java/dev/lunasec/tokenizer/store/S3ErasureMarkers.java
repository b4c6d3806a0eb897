package dev.lunasec.tokenizer.store;

import dev.lunasec.tokenizer.token.ReceiptKey;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.Optional;

/** ErasureMarkers as objects {@code erased/<id>}. */
public final class S3ErasureMarkers implements ErasureMarkers {
    private final Bucket bucket;

    public S3ErasureMarkers(Bucket bucket) {
        this.bucket = bucket;
    }

    @Override
    public Optional<byte[]> find(RecordId id) {
        return bucket.get(Layout.erased(id));
    }

    @Override
    public void put(RecordId id, byte[] receipt) {
        bucket.put(Layout.erased(id), receipt, ReceiptKey.TYPE);
    }
}
