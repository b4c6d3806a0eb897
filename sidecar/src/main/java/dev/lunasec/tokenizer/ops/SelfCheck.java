package dev.lunasec.tokenizer.ops;

import dev.lunasec.s3.Canary;
import dev.lunasec.s3.CanaryResult;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreStatus;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.ops.Health.Dependency;
import dev.lunasec.tokenizer.store.BucketIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Checks Redis and the bucket periodically on threads of its own: a pod is ready only after a real round trip through
 * both. The bucket gets the whole canary the first time, after every failure and every ten minutes; in between it gets
 * a small request.
 */
public final class SelfCheck implements AutoCloseable {
    private static final String REDIS = "redis";
    private static final String STORAGE = "storage";
    private static final Duration CANARY_EVERY = Duration.ofMinutes(10);

    /** What no retry fixes: a start that finds one of these ends. */
    private static final Set<StoreStatus> PERMANENT = EnumSet.of(
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
    private final BucketIdentity identity;
    private final Canary canary;
    private final HealthWatch watch;

    private volatile boolean singleUseUploads;
    private volatile double redisMemory = Double.NaN;
    private volatile @Nullable StoreStatus permanent;
    private boolean first = true;
    private boolean storageWorked;
    private Instant canaryPassed = Instant.MIN;

    /**
     * Does not check yet.
     *
     * @param identity of the bucket of the connection
     * @param intervals between two checks
     */
    public SelfCheck(Grants grants, S3Connection connection, BucketIdentity identity, Intervals intervals) {
        this.grants = grants;
        this.connection = connection;
        this.identity = identity;
        this.canary = new Canary(connection);
        this.watch = new HealthWatch(List.of(REDIS, STORAGE), this::both, intervals);
    }

    /** Starts to check. */
    public void start() {
        watch.start();
    }

    /**
     * Waits for the first check of the store.
     *
     * @return the fault that no retry fixes; null when there is none
     */
    public @Nullable StoreStatus firstPermanentFault() throws InterruptedException {
        watch.awaitFirstCheck();
        return permanent;
    }

    /** Whether the canary saw the store reject a second upload with the same URL. */
    public boolean singleUseUploads() {
        return singleUseUploads;
    }

    /**
     * How much of its limit the memory of Redis, or of the fullest primary of a Redis Cluster, used at the last check;
     * NaN if that is not known.
     */
    public double redisMemory() {
        return redisMemory;
    }

    /** The result of the last check. */
    public Health health() {
        return watch.health();
    }

    @Override
    public void close() {
        watch.close();
    }

    /** At the same time, so that a pod that starts waits for the slower of the two, and not for one after the other. */
    private Health both() {
        CompletableFuture<Dependency> redis = CompletableFuture.supplyAsync(this::redis, SelfCheck::onOwnThread);
        Dependency storage = storage();
        return Health.of(redis.join(), storage);
    }

    private static void onOwnThread(Runnable part) {
        Thread.ofVirtual().name("self-check-part").start(part);
    }

    private Dependency redis() {
        redisMemory = memoryRatio();
        try {
            grants.ping();
            return Dependency.ok(REDIS);
        } catch (CallFailed e) {
            return new Dependency(
                    REDIS,
                    "RedisUnreachable",
                    "Redis gives no answer or takes no grants; check its address, its password and the network,"
                            + " that it is no read-only replica,"
                            + " and that the URL of a Redis Cluster has several hosts or ?cluster=true.");
        }
    }

    private double memoryRatio() {
        try {
            return grants.memoryRatio();
        } catch (CallFailed e) {
            // An external Redis may not let its user ask. Whether it takes grants, the ping says.
            return Double.NaN;
        }
    }

    private Dependency storage() {
        // The first time beside the canary, because a start waits for both. Later, only a store that works is asked.
        CompletableFuture<Void> identified =
                first ? CompletableFuture.runAsync(identity::check, SelfCheck::onOwnThread) : null;
        first = false;
        StoreStatus status = check();
        storageWorked = status == StoreStatus.Ready;
        // A wrong bucket does not change the readiness, because the pod goes on reading.
        if (storageWorked && identified == null) identity.check();
        if (storageWorked && identified != null) identified.join();
        return storageWorked ? Dependency.ok(STORAGE) : new Dependency(STORAGE, status.name(), status.message());
    }

    private StoreStatus check() {
        boolean due = !storageWorked || canaryPassed.plus(CANARY_EVERY).isBefore(Instant.now());
        // After a check that throws, the canary is due too.
        storageWorked = false;
        if (!due && reachable()) return StoreStatus.Ready;
        CanaryResult result = canary.check();
        StoreStatus status = result.status();
        // The pod goes on serving: an erasure says by itself that it cannot be done.
        if (status == StoreStatus.DeletionDenied) status = StoreStatus.Ready;
        if (status == StoreStatus.Ready) {
            canaryPassed = Instant.now();
            singleUseUploads = result.singleUseUploads(singleUseUploads);
        } else if (canaryPassed.equals(Instant.MIN) && PERMANENT.contains(status)) {
            permanent = status;
        }
        return status;
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
