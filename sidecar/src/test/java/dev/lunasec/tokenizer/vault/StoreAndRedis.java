package dev.lunasec.tokenizer.vault;

import dev.lunasec.s3.S3Connection;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.grant.RedisGrants;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.BucketListing;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An embedded store and a Redis for the tests of one class; each test begins with an empty bucket. */
final class StoreAndRedis implements AutoCloseable, BeforeEachCallback, AfterAllCallback {
    private final VaultBucket store = new VaultBucket();
    final EmbeddedRedis redis = new EmbeddedRedis();
    final S3Connection connection = store.connection();
    final Bucket bucket = Bucket.of(connection);
    final RedisGrants grants = new RedisGrants(redis.url(), null, Duration.ofHours(1));

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
