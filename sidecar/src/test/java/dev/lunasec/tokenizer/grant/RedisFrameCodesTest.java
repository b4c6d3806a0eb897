package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A code is good once, for one frame and of one application; and no application takes the places of another. */
@Tag("embedded")
@Tag("redis")
class RedisFrameCodesTest {
    private static final String SHOP = "0123456789abcdef0123456789abcdef";
    private static final String BANK = "ffffffffffffffffffffffffffffffff";
    private static final String NONCE = "00112233445566778899aabbccddeeff";

    private EmbeddedRedis redis;
    private RedisClient client;
    private RedisCommands<String, String> administrator;
    private RedisConnection connection;
    private FrameCodes codes;

    @BeforeEach
    void start() {
        redis = new EmbeddedRedis();
        client = RedisClient.create(redis.url());
        administrator = client.connect().sync();
        connection = new RedisConnection(redis.url(), null);
        codes = new RedisFrameCodes(connection);
    }

    @AfterEach
    void stop() {
        connection.close();
        client.close();
        redis.close();
    }

    @Test
    void aCodeIsTakenOnceByItsFrame() {
        String id = codes.begin(SHOP, NONCE);
        assertThat(id).matches("\\d+\\.[A-Za-z0-9_-]{43}");
        assertThat(codes.take(SHOP, id, "another-frame-with-a-nonce")).isFalse();
        assertThat(codes.take(BANK, id, NONCE)).isFalse();
        assertThat(codes.take(SHOP, id, NONCE)).isTrue();
        assertThat(codes.take(SHOP, id, NONCE)).isFalse();
    }

    @Test
    void ofManyWhoTakeACodeAtOnceOneGetsIt() throws Exception {
        String id = codes.begin(SHOP, NONCE);
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 32; i++) calls.add(() -> codes.take(SHOP, id, NONCE));
        int taken = 0;
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            for (Future<Boolean> call : callers.invokeAll(calls)) if (call.get()) taken++;
        }
        assertThat(taken).isEqualTo(1);
    }

    @Test
    void anApplicationHasAFixedNumberOfPlacesAndReplacesItsOwnCodesAlone() {
        String ofBank = codes.begin(BANK, NONCE);
        String first = codes.begin(SHOP, NONCE);
        for (int i = 0; i < RedisFrameCodes.PLACES; i++) {
            RedisLoginStatesTest.repeatedIfLate(() -> codes.begin(SHOP, NONCE));
        }
        assertThat(codes.take(SHOP, first, NONCE)).as("replaced").isFalse();
        assertThat(codes.take(BANK, ofBank, NONCE)).as("of another application").isTrue();
        assertThat(administrator.keys("*")).containsExactlyInAnyOrder("codes:" + SHOP, "codes:" + BANK);
        assertThat(administrator.memoryUsage("codes:" + SHOP)).isLessThan(4L << 20);
    }

    @Test
    void whileRedisIsUnreachableNoCodeIsMadeOrTaken() {
        String id = codes.begin(SHOP, NONCE);
        redis.stop();
        for (Runnable call : List.<Runnable>of(() -> codes.begin(SHOP, NONCE), () -> codes.take(SHOP, id, NONCE))) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            CallFailed.class,
                            failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.GRANTS_UNAVAILABLE));
        }
    }

    @Test
    void redisKeepsOnlyTheHashOfACodeForAMinuteAtMost() {
        String id = codes.begin(SHOP, NONCE);
        assertThat(administrator.pttl("codes:" + SHOP)).isBetween(1L, 60_000L);
        assertThat(administrator.hgetall("codes:" + SHOP).toString())
                .doesNotContain(id.substring(id.indexOf('.') + 1), NONCE);
        administrator.flushall();
        assertThat(codes.take(SHOP, id, NONCE)).isFalse();
    }
}
