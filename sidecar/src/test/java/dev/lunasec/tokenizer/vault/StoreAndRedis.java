package dev.lunasec.tokenizer.vault;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.grant.RedisGrants;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing;
import dev.lunasec.tokenizer.store.S3DataObjects;
import dev.lunasec.tokenizer.store.S3ErasureMarkers;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.token.Keyring;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.s3.S3Client;

/** An embedded store and a Redis for the tests of one class; each test begins with an empty bucket. */
final class StoreAndRedis implements AutoCloseable, BeforeEachCallback, AfterAllCallback {
    final VaultBucket store = new VaultBucket();
    final EmbeddedRedis redis = new EmbeddedRedis();
    final S3Connection connection = store.connection();
    final Bucket bucket = Bucket.of(connection);
    final RedisGrants grants = new RedisGrants(redis.url(), null, Duration.ofHours(1));

    /** A vault with a keyring, by way of a client of the store. */
    Vault vault(Keyring keyring, S3Client s3) {
        return pod(keyring, s3, grants, false).vault();
    }

    /** A vault of one pod, and what the pod knows of copies of records in Redis. */
    record Pod(Vault vault, RecordCopies copies) {}

    /** A pod with a keyring, by way of a client of the store. */
    Pod pod(Keyring keyring, S3Client s3, boolean recordCopies) {
        return pod(keyring, s3, grants, recordCopies);
    }

    /** The same, with other grants. */
    Pod pod(Keyring keyring, S3Client s3, Grants grants, boolean recordCopies) {
        Bucket own = new Bucket(s3, VaultBucket.NAME);
        S3Records records = new S3Records(own, keyring);
        S3DataObjects objects = new S3DataObjects(own, connection.signer(), () -> false);
        Duration hour = Duration.ofHours(1);
        Erasure erasure = new Erasure(
                keyring, records, new S3ErasureMarkers(own, keyring), objects, grants, hour, Clock.systemUTC());
        Limits limits = new Limits(1 << 20, false, Duration.ofMinutes(1), hour, hour);
        RecordCopies copies = new RecordCopies(recordCopies, keyring, grants, records, Clock.systemUTC());
        return new Pod(
                new Vault(keyring, records, objects, grants, limits, erasure, copies, Clock.systemUTC()), copies);
    }

    /** The keys of all objects. */
    List<String> all() {
        return bucket.listing().objects("", "").stream()
                .map(BucketListing.Listed::key)
                .toList();
    }

    void clear() {
        all().forEach(key -> connection
                .s3()
                .deleteObject(delete -> delete.bucket(VaultBucket.NAME).key(key)));
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        clear();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        close();
    }

    @Override
    public void close() {
        grants.close();
        connection.close();
        redis.close();
        store.close();
    }
}
