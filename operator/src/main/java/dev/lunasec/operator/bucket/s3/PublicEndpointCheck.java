package dev.lunasec.operator.bucket.s3;

import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.s3.Canary;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreStatus;
import org.jspecify.annotations.Nullable;

/**
 * Tests the store at the address that clients use, if that is another one. Something between may change requests, or
 * the address may lead to another store. The operator may have no way to that address, so no answer says nothing.
 */
final class PublicEndpointCheck {
    private final @Nullable Canary canary;

    PublicEndpointCheck(BucketSpec spec, S3Connection connection) {
        this.canary = spec.publicLocation()
                .map(location -> new Canary(connection, connection.signer(location)))
                .orElse(null);
    }

    /**
     * Adds what the test finds to the status of a bucket that is usable otherwise. A store that ignores keys or
     * signatures makes it unusable, because values of clients would lie there unprotected. Other errors become a
     * sentence: clients may be treated otherwise than the operator.
     */
    BucketStatus judge(BucketStatus status) {
        if (canary == null || !status.ready()) return status;
        StoreStatus found = canary.check().status();
        String sentence = "Through storage.publicEndpoint: " + found.message();
        return switch (found) {
            case Ready, StoreUnreachable -> status;
            case SSECIgnored, SignaturesIgnored -> new BucketStatus(false, found.name(), sentence, status.settings());
            default -> status.noting(sentence);
        };
    }
}
