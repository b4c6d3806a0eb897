package dev.lunasec.tokenizer.vault;

import dev.lunasec.contract.Issuer.Kind;
import dev.lunasec.tokenizer.auth.Caller;
import dev.lunasec.tokenizer.grant.Grant;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.testing.TestKeyring;
import dev.lunasec.tokenizer.testing.WatchedS3;
import dev.lunasec.tokenizer.token.Keyring;
import dev.lunasec.tokenizer.vault.RecordCopies.Result;
import dev.lunasec.tokenizer.vault.StoreAndRedis.Pod;
import dev.lunasec.tokenizer.vault.Vault.NewToken;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Prints how long the first use after a grant takes with a copy of the record in Redis and without one, on a store that
 * takes 25 ms more for each request, and what the copies cost in Redis. It is in the package whose classes it uses.
 */
@Tag("stores")
class RecordCopiesBenchmarkTest {
    private static final Duration LATENCY = Duration.ofMillis(25);
    private static final Duration LONGEST = Duration.ofSeconds(50);
    private static final int WARM_UP = 20;
    private static final int TOKENS = 120;
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final String MAKER = "a".repeat(32);
    private static final String READER = "b".repeat(32);
    private static final Caller CALLER = new Caller(Kind.USER, "", "", "shop", "session", Set.of());
    private static final Grant GRANT = new Grant(Direction.READ, Duration.ofHours(1), OptionalInt.empty());
    private static final String SEALED = "x".repeat(351);

    /** How long Redis takes for one script. */
    private static final Pattern SCRIPT = Pattern.compile("cmdstat_evalsha:.*usec_per_call=([0-9.]+)");

    @Test
    void ofTheFirstUseAfterAGrant() {
        // Another store would only add its own latency.
        if (System.getenv("S3_ENDPOINT") != null) return;
        try (StoreAndRedis parts = new StoreAndRedis();
                RedisClient client = RedisClient.create(parts.redis.url())) {
            RedisCommands<String, String> redis = client.connect().sync();
            redis.configSet("maxmemory", "1gb");
            WatchedS3 slow = new WatchedS3(parts.connection.s3(), new WatchedS3.Watch() {
                @Override
                public void before(S3Request request) {
                    LockSupport.parkNanos(LATENCY.toNanos());
                }
            });
            Pod writer = parts.pod(KEYRING, slow, true);
            List<IdentifiedToken> tokens = new ArrayList<>();
            for (int i = 0; i < TOKENS; i++) tokens.add(made(writer));
            long before = writer.copies().count(Result.WRITTEN);
            for (IdentifiedToken token : tokens) {
                writer.vault().grant(READER, token, Direction.READ, Optional.empty(), OptionalInt.empty());
            }
            long end = System.nanoTime() + LONGEST.toNanos();
            while (writer.copies().count(Result.WRITTEN) < before + TOKENS) {
                if (System.nanoTime() > end) throw new IllegalStateException("the copies are not written");
                LockSupport.parkNanos(LATENCY.toNanos());
            }
            Pod with = parts.pod(KEYRING, slow, true);
            Pod without = parts.pod(KEYRING, slow, false);
            double[] millisWith = new double[TOKENS / 2];
            double[] millisWithout = new double[TOKENS / 2];
            // In turns, so that a change of the machine meets both.
            for (int i = 0; i < TOKENS / 2; i++) {
                millisWith[i] = millis(with, tokens.get(2 * i));
                millisWithout[i] = millis(without, tokens.get(2 * i + 1));
            }
            System.out.printf(
                    "first use after a grant, store with %d ms per request: p50 %.2f ms with a copy (%d of %d used"
                            + " one), %.2f ms without%n",
                    LATENCY.toMillis(),
                    median(millisWith),
                    with.copies().count(Result.USED),
                    TOKENS / 2,
                    median(millisWithout));
            System.out.printf(
                    "Redis: %d bytes for a copy; %s%n",
                    redis.memoryUsage("copy:{" + tokens.getFirst().recordId() + "}"), scripts(parts, redis, tokens));
        }
    }

    /** The time that Redis takes for each script, in microseconds. */
    private static String scripts(
            StoreAndRedis parts, RedisCommands<String, String> redis, List<IdentifiedToken> tokens) {
        double copy = micros(redis, tokens, token -> parts.grants.copy(READER, token.recordId(), SEALED));
        double set = micros(redis, tokens, token -> parts.grants.set(READER, token.recordId(), GRANT));
        double use = micros(redis, tokens, token -> parts.grants.use(READER, token.recordId()));
        double useWithCopy = micros(redis, tokens, token -> parts.grants.useWithCopy(READER, token.recordId()));
        return ("%.1f µs to write it, %.1f µs for each of the two scripts that set a grant,"
                        + " %.1f µs for a use that reads it, %.1f µs for one that does not")
                .formatted(copy, set, useWithCopy, use);
    }

    private interface Step {
        void of(IdentifiedToken token);
    }

    private static double micros(RedisCommands<String, String> redis, List<IdentifiedToken> tokens, Step step) {
        redis.configResetstat();
        for (IdentifiedToken token : tokens) step.of(token);
        Matcher took = SCRIPT.matcher(redis.info("commandstats"));
        if (!took.find()) throw new IllegalStateException("Redis ran no script");
        return Double.parseDouble(took.group(1));
    }

    private static IdentifiedToken made(Pod writer) {
        NewToken made = writer.vault().begin(CALLER, MAKER, new byte[0], OptionalLong.empty(), null);
        writer.vault().store(made);
        return made.token();
    }

    private static double millis(Pod pod, IdentifiedToken token) {
        long began = System.nanoTime();
        var unused = pod.vault().download(token, pod.vault().use(READER, token));
        return (System.nanoTime() - began) / 1e6;
    }

    /** Without the first ones, in which the machine warms up. */
    private static double median(double[] millis) {
        double[] warm = Arrays.copyOfRange(millis, WARM_UP, millis.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }
}
