package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.failure.CallFailed;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
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

/** A state is good once, for its issuer, for its lifetime; and strangers who begin logins do not fill Redis. */
@Tag("embedded")
@Tag("redis")
class RedisLoginStatesTest {
    private EmbeddedRedis redis;
    private RedisClient client;
    private RedisCommands<String, String> administrator;
    private RedisConnection connection;
    private RedisConnection otherPod;

    @BeforeEach
    void start() {
        redis = new EmbeddedRedis();
        client = RedisClient.create(redis.url());
        administrator = client.connect().sync();
        connection = new RedisConnection(redis.url(), null);
        otherPod = new RedisConnection(redis.url(), null);
    }

    @AfterEach
    void stop() {
        otherPod.close();
        connection.close();
        client.close();
        redis.close();
    }

    @Test
    void aStateIsTakenOnceOnAnyPod() {
        LoginStates states = states(connection);
        String state = states.begin("shop");
        assertThat(state).matches("\\d+\\.[A-Za-z0-9_-]{43}");
        assertThat(states(otherPod).take(state, "shop")).isTrue();
        assertThat(states.take(state, "shop")).isFalse();
        assertThat(states(otherPod).take(state, "shop")).isFalse();
    }

    @Test
    void ofManyWhoTakeAStateAtOnceOneGetsIt() throws Exception {
        LoginStates states = states(connection);
        String state = states.begin("shop");
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 32; i++) calls.add(() -> states(connection).take(state, "shop"));
        int taken = 0;
        try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
            for (Future<Boolean> call : callers.invokeAll(calls)) if (call.get()) taken++;
        }
        assertThat(taken).isEqualTo(1);
    }

    @Test
    void aWrongStateIsRefusedAndRemovesNone() {
        LoginStates states = states(connection);
        String state = states.begin("shop");
        String place = state.substring(0, state.indexOf('.'));
        for (String wrong : List.of(
                "",
                "x",
                "next",
                place,
                place + ".",
                place + "." + "A".repeat(43),
                (Integer.parseInt(place) + 1) + state.substring(state.indexOf('.')),
                "99999999999999999999" + state.substring(state.indexOf('.')),
                state + "x",
                "x".repeat(10_000))) {
            assertThat(states.take(wrong, "shop")).as(wrong).isFalse();
        }
        assertThat(states.take(state, "bank")).as("another issuer").isFalse();
        assertThat(states.take(state, "shop")).isTrue();
    }

    @Test
    void aStateExpires() {
        String state = new RedisLoginStates(connection, Duration.ofSeconds(2), 4).begin("shop");
        // Another login keeps the states in Redis, so the time of this state decides.
        LoginStates states = states(connection);
        states.begin("shop");
        String place = state.substring(0, state.indexOf('.'));
        String kept = administrator.hget("logins", place);
        long expires = Long.parseLong(kept.substring(0, kept.indexOf(' ')));
        await().until(() -> milliseconds() > expires);
        assertThat(administrator.hexists("logins", place)).isTrue();
        assertThat(states.take(state, "shop")).isFalse();
    }

    @Test
    void statesEndWithTheirLifetimeAndHaveAFixedNumberOfPlaces() {
        LoginStates states = new RedisLoginStates(connection, LoginStates.LIFETIME, 4);
        List<String> begun = new ArrayList<>();
        for (int i = 0; i < 6; i++) begun.add(states.begin("shop"));
        assertThat(administrator.keys("*")).containsExactly("logins");
        assertThat(administrator.hlen("logins"))
                .as("the places and the next one")
                .isEqualTo(5);
        assertThat(administrator.pttl("logins")).isBetween(1L, LoginStates.LIFETIME.toMillis());
        assertThat(begun.stream().map(state -> states.take(state, "shop")))
                .as("the oldest two were replaced")
                .containsExactly(false, false, true, true, true, true);
    }

    @Test
    void allPlacesTogetherTakeLittleMemory() {
        LoginStates states = states(connection);
        for (int i = 0; i < RedisLoginStates.PLACES; i++) repeatedIfLate(() -> states.begin("shop"));
        assertThat(administrator.memoryUsage("logins")).isLessThan(4L << 20);
    }

    @Test
    void whatRedisHasIsNoState() {
        String state = states(connection).begin("shop");
        String random = state.substring(state.indexOf('.') + 1);
        assertThat(administrator.hgetall("logins").toString()).doesNotContain(random);
    }

    @Test
    void whenRedisLosesAStateTheLoginIsRefused() {
        LoginStates states = states(connection);
        String state = states.begin("shop");
        administrator.flushall();
        assertThat(states.take(state, "shop")).isFalse();
    }

    @Test
    void aFullRedisTakesNoStateAndStillGivesThoseThatItHas() {
        LoginStates states = states(connection);
        String state = states.begin("shop");
        administrator.configSet("maxmemory", "1");
        assertThatThrownBy(() -> states.begin("shop"))
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.GRANTS_FULL));
        assertThat(states.take(state, "shop")).isTrue();
    }

    /** Redis may not answer within two seconds if the machine stands still. */
    static void repeatedIfLate(Runnable call) {
        for (int attempt = 1; ; attempt++) {
            try {
                call.run();
                return;
            } catch (CallFailed e) {
                if (e.failure() != ErrorCode.GRANTS_UNAVAILABLE || attempt == 3) throw e;
            }
        }
    }

    /** The clock of Redis. */
    private long milliseconds() {
        List<String> time = administrator.time();
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    private static LoginStates states(RedisConnection redis) {
        return new RedisLoginStates(redis, LoginStates.LIFETIME, RedisLoginStates.PLACES);
    }
}
