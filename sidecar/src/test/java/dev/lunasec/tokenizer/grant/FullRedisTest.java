package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a Redis does whose {@code maxmemory} an application has filled with grants for tokens that nobody made. */
@Tag("embedded")
@Tag("redis")
class FullRedisTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Grant UNLIMITED = new Grant(Direction.BOTH, HOUR, OptionalInt.empty());
    private static final Grant LIMITED = new Grant(Direction.READ, HOUR, OptionalInt.of(2));
    private static final Grant STORE = new Grant(Direction.STORE, HOUR, OptionalInt.empty());

    /** Twice as many grants as fit. */
    private static final int MANY = 16_000;

    private static final long ROOM = 2L << 20;

    /**
     * What the grants of the callers that ask at the same time and one step of growth of a hash table may take beyond
     * the limit.
     */
    private static final long SLACK = 512L << 10;

    private EmbeddedRedis redis;
    private RedisGrants grants;
    private long limit;

    @BeforeEach
    void fill() throws Exception {
        redis = new EmbeddedRedis();
        grants = new RedisGrants(redis.url(), null, Duration.ofHours(1));
        grants.set("limited", RECORD, LIMITED);
        grants.set("replaced", RECORD, LIMITED);
        limit = used() + ROOM;
        redis.command("CONFIG", "SET", "maxmemory", Long.toString(limit));
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < MANY; i++) calls.add(() -> refused(invented()));
        int refused = 0;
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            for (Future<Boolean> call : callers.invokeAll(calls)) if (call.get()) refused++;
        }
        assertThat(refused).as("refused grants").isPositive();
    }

    @AfterEach
    void stop() {
        grants.close();
        redis.close();
    }

    @Test
    void grantsDoNotGrowBeyondTheLimit() {
        assertThat(used()).isLessThan(limit + SLACK);
        assertThatThrownBy(() -> grants.set("limited", RECORD, LIMITED)).satisfies(FullRedisTest::full);
        assertThatThrownBy(() -> grants.set("replaced", RECORD, STORE)).satisfies(FullRedisTest::full);
        assertThat(grants.copy("replaced", RECORD, "sealed")).isFalse();
        // A grant that could not be replaced is still the old one.
        grants.use("replaced", RECORD);
    }

    @Test
    void grantsAreReadUsedAndCheckedAndTheLastUseIsTheLast() {
        assertThat(grants.verify("limited", RECORD)).isTrue();
        grants.check("limited", RECORD);
        assertThatThrownBy(() -> grants.checkStore("limited", RECORD))
                .satisfies(failed -> failed(failed, ErrorCode.NO_GRANT));
        grants.use("limited", RECORD);
        grants.use("limited", RECORD);
        assertThatThrownBy(() -> grants.use("limited", RECORD)).satisfies(failed -> failed(failed, ErrorCode.NO_GRANT));
    }

    @Test
    void recordsAreErased() {
        assertThat(grants.erase(RECORD, Instant.ofEpochSecond(100), HOUR)).isEqualTo(Instant.ofEpochSecond(100));
        assertThat(grants.erase(RECORD, Instant.ofEpochSecond(200), HOUR)).isEqualTo(Instant.ofEpochSecond(100));
        assertThat(grants.verify("limited", RECORD)).isFalse();
        assertThatThrownBy(() -> grants.use("limited", RECORD))
                .satisfies(failed -> failed(failed, ErrorCode.UNKNOWN_TOKEN));
    }

    @Test
    void grantsAreRevoked() {
        grants.revoke("replaced", RECORD);
        assertThat(grants.verify("replaced", RECORD)).isFalse();
        grants.use("limited", RECORD);
        grants.revoke("limited", null);
        assertThatThrownBy(() -> grants.use("limited", RECORD)).satisfies(failed -> failed(failed, ErrorCode.NO_GRANT));
        grants.revoke(null, RECORD);
        assertThatThrownBy(() -> grants.check("limited", RECORD))
                .satisfies(failed -> failed(failed, ErrorCode.NO_GRANT));
    }

    @Test
    void thePodStaysReady() {
        grants.ping();
        grants.ping();
    }

    private boolean refused(RecordId record) {
        try {
            grants.set("attacker", record, UNLIMITED);
            return false;
        } catch (CallFailed failed) {
            // A machine that stood still for two seconds; the next grant finds out.
            if (failed.failure() == ErrorCode.GRANTS_UNAVAILABLE) return false;
            full(failed);
            return true;
        }
    }

    private static RecordId invented() {
        byte[] id = new byte[16];
        ThreadLocalRandom.current().nextBytes(id);
        return new RecordId(HexFormat.of().formatHex(id));
    }

    private static void full(Throwable failed) {
        failed(failed, ErrorCode.GRANTS_FULL);
    }

    private static void failed(Throwable failed, ErrorCode code) {
        assertThat(failed)
                .isInstanceOfSatisfying(
                        CallFailed.class, it -> assertThat(it.failure()).isEqualTo(code));
    }

    private long used() {
        try (RedisClient client = RedisClient.create(redis.url())) {
            String memory = client.connect().sync().info("memory");
            return memory.lines()
                    .filter(line -> line.startsWith("used_memory:"))
                    .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length())))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
