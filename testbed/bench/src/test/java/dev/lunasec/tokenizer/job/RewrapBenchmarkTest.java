package dev.lunasec.tokenizer.job;

import dev.lunasec.contract.RewrapEnvironment;
import dev.lunasec.contract.VaultFiles;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.store.Bucket;
import dev.lunasec.tokenizer.store.Layout;
import dev.lunasec.tokenizer.store.S3Records;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.VaultBucket;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;
import dev.lunasec.tokenizer.token.RecordCipher;
import dev.lunasec.tokenizer.token.RecordId;
import dev.lunasec.tokenizer.token.Token;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Prints how many records one worker moves in a second without a limit, and how fast the same store is in the same run
 * with the least that a move takes: a get, a put and a delete of an object of that size, with as many callers at once.
 * It runs on the store that {@code S3_ENDPOINT} and its like name, and without them on the embedded one. It is in the
 * package of the worker whose classes it uses.
 */
@Tag("stores")
class RewrapBenchmarkTest {
    private static final int RECORDS = 2_000;
    private static final int ROUNDS = 5;
    private static final Duration DISTANCE = Duration.ofMillis(20);

    @Test
    void ofOneWorker() throws Exception {
        String store = Objects.requireNonNullElse(System.getenv("S3_STORE"), "embedded");
        if (System.getenv("S3_ENDPOINT") == null) {
            try (VaultBucket embedded = new VaultBucket();
                    S3Connection connection = embedded.connection()) {
                measure(store, Bucket.of(connection));
            }
            return;
        }
        try (S3Connection connection = named()) {
            String bucket = connection.location().bucket();
            connection.s3().createBucket(create -> create.bucket(bucket));
            measure(store, Bucket.of(connection));
        }
    }

    /** The embedded store as if it were far away: what a move waits for then is the answers. */
    @Test
    void ofOneWorkerFarFromItsStore() throws Exception {
        try (VaultBucket embedded = new VaultBucket();
                S3Connection connection = embedded.connection()) {
            WatchedS3 far = new WatchedS3(connection.s3(), new WatchedS3.Watch() {
                @Override
                public void before(S3Request request) {
                    LockSupport.parkNanos(DISTANCE.toNanos());
                }
            });
            measure("embedded, " + DISTANCE.toMillis() + " ms away", new Bucket(far, VaultBucket.NAME));
        }
    }

    private static S3Connection named() throws IOException {
        String authority = System.getenv("S3_CA");
        return new S3Connection(
                new StoreLocation(
                        "rewrap-benchmark", System.getenv("S3_REGION"), URI.create(System.getenv("S3_ENDPOINT")), true),
                new AccessKeys(System.getenv("S3_ACCESS_KEY"), System.getenv("S3_SECRET_KEY")),
                authority == null || authority.isEmpty() ? null : Files.readString(Path.of(authority)));
    }

    /** The first round warms up; the two measurements take turns, so that a change of the machine meets both. */
    private static void measure(String store, Bucket bucket) throws Exception {
        double[] rewrap = new double[ROUNDS];
        double[] least = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            least[round] = least(bucket, round);
            rewrap[round] = rewrap(bucket);
        }
        System.out.printf(
                "%s: %.0f records/s rewrapped by one worker, %.0f/s get + put + delete;"
                        + " %.2f of it (medians of %d x %d)%n",
                store, median(rewrap), median(least), median(rewrap) / median(least), ROUNDS - 1, RECORDS);
    }

    private static double least(Bucket bucket, int round) throws InterruptedException {
        byte[] content = new byte[600];
        List<String> names =
                IntStream.range(0, RECORDS).mapToObj(i -> round + "-" + i).toList();
        try (BoundedParallel many = new BoundedParallel(Rewrap.MOVES_AT_ONCE)) {
            many.forEach(names, name -> bucket.put("from/" + name, content, "application/json"));
            long began = System.nanoTime();
            many.forEach(names, name -> {
                byte[] read = bucket.get("from/" + name).orElseThrow();
                bucket.put("to/" + name, read, "application/json");
                // One request: Bucket.delete also asks whether anything is left.
                bucket.deleteVersion("from/" + name, null);
            });
            double rate = rate(began);
            many.forEach(names, name -> bucket.deleteVersion("to/" + name, null));
            return rate;
        }
    }

    private static double rewrap(Bucket bucket) throws InterruptedException {
        Keyring before = TestKeyring.of(1, 1);
        Keyring keyring = TestKeyring.of(2, 1, 2);
        List<RecordId> ids = new ArrayList<>();
        try (BoundedParallel many = new BoundedParallel(Rewrap.MOVES_AT_ONCE)) {
            S3Records records = new S3Records(bucket, before);
            List<Token> tokens =
                    IntStream.range(0, RECORDS).mapToObj(i -> Token.random()).toList();
            many.forEach(tokens, token -> records.put(record(before, token), before.objectName(token)));
            tokens.forEach(token -> ids.add(keyring.recordId(token)));
            RewrapEnvironment task = new RewrapEnvironment(
                    new VaultFiles(Path.of("settings.json"), null, Path.of("keyring"), null, null, null),
                    1,
                    1,
                    0,
                    null);
            long began = System.nanoTime();
            long moved = new Rewrap(bucket, keyring, task, new StoreRetry(Duration.ofSeconds(10)))
                    .run()
                    .moved();
            double rate = rate(began);
            if (moved != RECORDS) throw new IllegalStateException("moved " + moved + " of " + RECORDS);
            many.forEach(ids, id -> bucket.deleteVersion(Layout.record(2, id), null));
            return rate;
        }
    }

    private static Record record(Keyring keyring, Token token) {
        Payload payload = Payload.withNewKey(new byte[0], OptionalLong.empty(), "");
        return new RecordCipher(keyring).seal(token, payload, Instant.ofEpochSecond(1_767_225_600), null);
    }

    private static double rate(long began) {
        return RECORDS / ((System.nanoTime() - began) / 1e9);
    }

    private static double median(double[] rates) {
        double[] warm = Arrays.copyOfRange(rates, 1, rates.length);
        Arrays.sort(warm);
        return (warm[(warm.length - 1) / 2] + warm[warm.length / 2]) / 2;
    }
}
