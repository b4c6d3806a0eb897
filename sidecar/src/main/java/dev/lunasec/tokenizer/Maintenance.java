package dev.lunasec.tokenizer;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.SweepResult;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreClock;
import dev.lunasec.tokenizer.job.Bind;
import dev.lunasec.tokenizer.job.ExpiredTokens;
import dev.lunasec.tokenizer.job.NightlySweep;
import dev.lunasec.tokenizer.job.Rewrap;
import dev.lunasec.tokenizer.job.StoreRetry;
import dev.lunasec.tokenizer.job.Sweep;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.FreshProof;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root of the commands that work on a vault's records and then end. SIGTERM stops them anywhere with
 * Java's exit status for it: a Job repeats work whose exit status is not 0.
 */
final class Maintenance {
    private static final Logger log = LoggerFactory.getLogger(Maintenance.class);

    /** An upload that began just before its URL expired is over by then. */
    private static final Duration LONGEST_UPLOAD = Duration.ofDays(2);

    private Maintenance() {}

    /**
     * Runs one worker of a rewrap until it is done.
     *
     * @throws InvalidSettings naming what is wrong, and what is allowed
     * @throws IOException when a file can't be read
     */
    static void rewrap(RewrapEnvironment task) throws IOException, InterruptedException {
        VaultConfig mounted = VaultConfig.read(task.files()).requirePinned();
        try (S3Connection connection = mounted.connect()) {
            Rewrap.Done done = new Rewrap(
                            bucket(mounted, connection), mounted.keyring(), task, new StoreRetry(StoreRetry.USUAL))
                    .run();
            log.info(
                    "rewrapped share={} worker={} workers={} moved={} quarantined={} seconds={}",
                    task.share(),
                    task.worker(),
                    task.workers(),
                    done.moved(),
                    done.quarantined(),
                    seconds(done.took()));
        }
    }

    /**
     * Runs one sweep until it is done.
     *
     * @return for the operator
     * @throws InvalidSettings naming what is wrong, and what is allowed
     * @throws IOException when a file can't be read
     */
    static SweepResult sweep(VaultFiles files) throws IOException, InterruptedException {
        VaultConfig mounted = VaultConfig.read(files).requirePinned();
        try (S3Connection connection = mounted.connect()) {
            Bucket bucket = bucket(mounted, connection);
            NightlySweep.Done done = new NightlySweep(bucket, mounted.keyring(), new StoreRetry(StoreRetry.USUAL))
                    .run(today(connection), longestUpload(mounted), youngest(mounted, connection));
            SweepResult result = new SweepResult(done.count().withoutValue());
            log.info(
                    "swept expired={} markers={} records={} objects={} uploads={} withoutValue={} seconds={}",
                    done.expired(),
                    done.swept().markers(),
                    done.swept().records(),
                    done.swept().objects(),
                    done.uploads().aborted(),
                    result.tokensWithoutValue(),
                    seconds(done.swept().took()));
            return result;
        }
    }

    /**
     * Binds a bucket to its vault.
     *
     * @throws InvalidSettings naming what is wrong, and what is allowed
     * @throws IOException when a file can't be read
     */
    static void bind(VaultFiles files) throws IOException, InterruptedException {
        VaultConfig mounted = VaultConfig.read(files).requireReleased();
        try (S3Connection connection = mounted.connect()) {
            Bucket bucket = Bucket.of(connection);
            Bind.Done done = new Bind(
                            bucket,
                            mounted.identity(connection),
                            mounted.keyring(),
                            mounted.settings().vault(),
                            sweep(mounted, bucket, connection),
                            new StoreRetry(StoreRetry.USUAL))
                    .run();
            log.info(
                    "bound opened={} of={} markers={} erased={}",
                    done.opened(),
                    done.sampled(),
                    done.swept().markers(),
                    done.swept().records());
        }
    }

    /** Without the time of the store, no token counts as expired, because one clock alone may be wrong. */
    private static Optional<LocalDate> today(S3Connection connection) {
        Optional<Instant> store =
                StoreClock.now(connection.s3(), connection.location().bucket());
        if (store.isEmpty()) {
            log.warn("the store does not say its time, so no token that has expired is deleted");
        }
        return store.map(now -> ExpiredTokens.today(now, Instant.now()));
    }

    /**
     * The age of a marker counts by the store's clock; without its time, every marker is young and its object is
     * deleted again.
     */
    private static Sweep sweep(VaultConfig mounted, Bucket bucket, S3Connection connection) {
        return new Sweep(bucket, mounted.keyring(), youngest(mounted, connection), new StoreRetry(StoreRetry.USUAL));
    }

    /** An upload that began before this time has ended; without the store's time, no upload has. */
    private static Instant youngest(VaultConfig mounted, S3Connection connection) {
        return StoreClock.now(connection.s3(), connection.location().bucket())
                .map(now -> now.minus(longestUpload(mounted)))
                .orElse(Instant.EPOCH);
    }

    private static Duration longestUpload(VaultConfig mounted) {
        return mounted.settings().storage().urlLifetime().plus(LONGEST_UPLOAD);
    }

    private static Bucket bucket(VaultConfig mounted, S3Connection connection) {
        return new FreshProof(mounted.identity(connection)).bucket(connection);
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f", took.toMillis() / 1000.0);
    }
}
