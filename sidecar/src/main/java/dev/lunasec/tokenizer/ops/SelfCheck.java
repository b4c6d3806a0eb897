package dev.lunasec.tokenizer.ops;

import dev.lunasec.storage.Canary;
import dev.lunasec.storage.Finding;
import dev.lunasec.storage.S3Connection;
import dev.lunasec.tokenizer.failure.Failed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.ops.Health.Dependency;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Asks Redis and the bucket, again and again, on a thread of its own: a pod is ready only after a real round trip through both. The
 * first time, after every failure and every ten minutes that is the whole canary; in between a small request to the bucket.
 */
public final class SelfCheck implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SelfCheck.class);
    private static final Duration WHILE_WELL = Duration.ofSeconds(10);
    private static final Duration WHILE_NOT = Duration.ofSeconds(2);
    private static final Duration CANARY_EVERY = Duration.ofMinutes(10);

    /** What no waiting mends: a start that finds it ends. */
    private static final Set<Finding> FOR_GOOD = EnumSet.of(
            Finding.CredentialsRejected,
            Finding.AccessDenied,
            Finding.BucketMissing,
            Finding.WrongRegion,
            Finding.SSECBlocked,
            Finding.SSECIgnored,
            Finding.SSECUnsupported,
            Finding.SignaturesIgnored);

    private final Grants grants;
    private final S3Connection connection;
    private final Canary canary;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch firstRound = new CountDownLatch(1);
    private final Thread thread;

    private volatile Health health = Health.unknown();
    private volatile boolean singleUseUploads;
    private volatile @Nullable Finding forGood;
    private Instant canaryPassed = Instant.MIN;

    public SelfCheck(Grants grants, S3Connection connection) {
        this.grants = grants;
        this.connection = connection;
        this.canary = new Canary(connection);
        this.thread = Thread.ofPlatform().name("self-check").daemon().unstarted(this::run);
    }

    /** Begins to check. */
    public void start() {
        thread.start();
    }

    /**
     * Waits for the first look at the store.
     *
     * @return what makes it senseless to go on, null when it makes sense
     */
    public @Nullable Finding firstFindingForGood() throws InterruptedException {
        firstRound.await();
        return forGood;
    }

    /** Whether the store was seen to refuse a second upload with the same URL. */
    public boolean singleUseUploads() {
        return singleUseUploads;
    }

    Health health() {
        return health;
    }

    @Override
    public void close() {
        stop.countDown();
    }

    private void run() {
        try {
            do {
                Health now = look();
                tellOfChange(health, now);
                health = now;
                firstRound.countDown();
            } while (!stop.await((health.ready() ? WHILE_WELL : WHILE_NOT).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round. Whatever goes wrong in it is not ready: a check that died would leave the last answer standing for ever. */
    private Health look() {
        try {
            return new Health(redis(), storage());
        } catch (RuntimeException e) {
            log.error("the self check is at fault", e);
            Dependency failed = new Dependency("CheckFailed", "The self check is at fault; see the log.");
            return new Health(failed, failed);
        }
    }

    private Dependency redis() {
        try {
            grants.ping();
            return Dependency.OK;
        } catch (Failed e) {
            return new Dependency(
                    "RedisUnreachable", "Redis gives no answer; check its address, its password and the network.");
        }
    }

    private Dependency storage() {
        boolean due = !health.storage().ok() || canaryPassed.plus(CANARY_EVERY).isBefore(Instant.now());
        if (!due && reachable()) return Dependency.OK;
        Canary.Result result = canary.check();
        if (result.finding() != Finding.Ready) {
            if (canaryPassed.equals(Instant.MIN) && FOR_GOOD.contains(result.finding())) forGood = result.finding();
            return found(result.finding());
        }
        canaryPassed = Instant.now();
        singleUseUploads = result.singleUseUploads();
        return Dependency.OK;
    }

    private boolean reachable() {
        try {
            connection.s3().headBucket(head -> head.bucket(connection.location().bucket()));
            return true;
        } catch (SdkException e) {
            return false;
        }
    }

    private static Dependency found(Finding finding) {
        return new Dependency(finding.name(), finding.message());
    }

    private static void tellOfChange(Health before, Health now) {
        tellOfChange("redis", before.redis(), now.redis());
        tellOfChange("storage", before.storage(), now.storage());
    }

    private static void tellOfChange(String name, Dependency before, Dependency now) {
        if (before.equals(now)) return;
        if (now.ok()) log.info("{} works", name);
        else log.warn("{}: {}: {}", name, now.reason(), now.message());
    }
}
