package dev.lunasec.tokenizer.store;

import dev.lunasec.tokenizer.token.ErasureClaims;
import dev.lunasec.tokenizer.token.ErasureMarker;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.RecordId;
import java.util.Optional;

/** ErasureMarkers as objects {@code erased/<id>}. */
public final class S3ErasureMarkers implements ErasureMarkers {
    private final Bucket bucket;
    private final Keyring keyring;

    public S3ErasureMarkers(Bucket bucket, Keyring keyring) {
        this.bucket = bucket;
        this.keyring = keyring;
    }

    @Override
    public Optional<ErasureClaims> find(RecordId id) {
        return bucket.get(Layout.erased(id)).flatMap(content -> ErasureMarker.read(content, id, keyring));
    }

    @Override
    public void put(ErasureClaims claims) {
        bucket.put(Layout.erased(claims.record()), ErasureMarker.write(claims, keyring), ErasureMarker.TYPE);
    }
}
