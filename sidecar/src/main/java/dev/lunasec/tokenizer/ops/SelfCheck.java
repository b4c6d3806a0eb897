package dev.lunasec.tokenizer.ops;

import dev.lunasec.s3.Canary;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreStatus;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.ops.Health.Dependency;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Asks Redis and the bucket, again and again, on a thread of its own: a pod is ready only after a real round trip through both. The
 * first time, after every failure and every ten minutes that is the whole canary; in between a small request to the bucket.
 */
public final class SelfCheck implements AutoCloseable {
    private static final String REDIS = "redis";
    private static final String STORAGE = "storage";
    private static final Duration CANARY_EVERY = Duration.ofMinutes(10);

    /** What no waiting mends: a start that finds it ends. */
    private static final Set<StoreStatus> FOR_GOOD = EnumSet.of(
            StoreStatus.CredentialsRejected,
            StoreStatus.AccessDenied,
            StoreStatus.BucketMissing,
            StoreStatus.WrongRegion,
            StoreStatus.SSECBlocked,
            StoreStatus.SSECIgnored,
            StoreStatus.SSECUnsupported,
            StoreStatus.SignaturesIgnored);

    private final Grants grants;
    private final S3Connection connection;
    private final Canary canary;
    private final HealthWatch watch;

    private volatile boolean singleUseUploads;
    private volatile @Nullable StoreStatus forGood;
    private boolean storageWorked;
    private Instant canaryPassed = Instant.MIN;

    public SelfCheck(Grants grants, S3Connection connection) {
        this.grants = grants;
        this.connection = connection;
        this.canary = new Canary(connection);
        this.watch = new HealthWatch(List.of(REDIS, STORAGE), () -> Health.of(redis(), storage()));
    }

    /** Begins to check. */
    public void start() {
        watch.start();
    }

    /**
     * Waits for the first look at the store.
     *
     * @return what makes it senseless to go on, null when it makes sense
     */
    public @Nullable StoreStatus firstFindingForGood() throws InterruptedException {
        watch.awaitFirstLook();
        return forGood;
    }

    /** Whether the store was seen to refuse a second upload with the same URL. */
    public boolean singleUseUploads() {
        return singleUseUploads;
    }

    /** What the last check saw. */
    public Health health() {
        return watch.health();
    }

    @Override
    public void close() {
        watch.close();
    }

    private Dependency redis() {
        try {
            grants.ping();
            return Dependency.ok(REDIS);
        } catch (CallFailed e) {
            return new Dependency(
                    REDIS,
                    "RedisUnreachable",
                    "Redis gives no answer or takes no grants; check its address, its password and the network, and"
                            + " that it is no read-only replica.");
        }
    }

    private Dependency storage() {
        StoreStatus finding = look();
        storageWorked = finding == StoreStatus.Ready;
        return storageWorked ? Dependency.ok(STORAGE) : new Dependency(STORAGE, finding.name(), finding.message());
    }

    private StoreStatus look() {
        boolean due = !storageWorked || canaryPassed.plus(CANARY_EVERY).isBefore(Instant.now());
        // Unless this look ends well: after one that was broken off, the canary is due as well.
        storageWorked = false;
        if (!due && reachable()) return StoreStatus.Ready;
        Canary.Result result = canary.check();
        if (result.status() == StoreStatus.Ready) {
            canaryPassed = Instant.now();
            singleUseUploads = result.singleUseUploads();
        } else if (canaryPassed.equals(Instant.MIN) && FOR_GOOD.contains(result.status())) {
            forGood = result.status();
        }
        return result.status();
    }

    private boolean reachable() {
        try {
            connection.s3().headBucket(head -> head.bucket(connection.location().bucket()));
            return true;
        } catch (SdkException e) {
            return false;
        }
    }
}
