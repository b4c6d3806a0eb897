package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Grants that are revoked: two pods, one Redis. */
@Tag("embedded")
@Tag("redis")
class RevocationTest {
    private static final RecordId ONE = new RecordId("00112233445566778899aabbccddeeff");
    private static final RecordId TWO = new RecordId("ffeeddccbbaa99887766554433221100");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Grant GRANT = new Grant(Direction.BOTH, HOUR, OptionalInt.empty());

    private static TwoPods pods;
    private static EmbeddedRedis redis;
    private static RedisGrants pod;
    private static RedisGrants another;
    private static RedisCommands<String, String> administrator;

    @BeforeAll
    static void start() {
        pods = new TwoPods();
        redis = pods.redis;
        pod = pods.one;
        another = pods.another;
        administrator = pods.administrator;
    }

    @AfterAll
    static void stop() {
        pods.close();
    }

    @BeforeEach
    void grantEverything() {
        administrator.flushall();
        for (String session : List.of("a", "b")) {
            for (RecordId record : List.of(ONE, TWO)) pod.set(session, record, GRANT);
        }
    }

    @Test
    void aRevokedTokenIsRefusedToEverySessionOnEveryPod() {
        pod.revoke(null, ONE);
        refused("a", ONE);
        refused("b", ONE);
        admitted("a", TWO);
        admitted("b", TWO);
    }

    @Test
    void aRevokedSessionIsRefusedEveryTokenOnEveryPod() {
        pod.revoke("a", null);
        refused("a", ONE);
        refused("a", TWO);
        admitted("b", ONE);
        admitted("b", TWO);
    }

    @Test
    void aRevokedPairIsRefusedAndNoOther() {
        pod.revoke("a", ONE);
        refused("a", ONE);
        admitted("a", TWO);
        admitted("b", ONE);
    }

    @Test
    void aGrantThatIsSetAfterARevocationHoldsAndBringsNoEarlierOneBack() {
        pod.revoke(null, ONE);
        another.set("a", ONE, GRANT);
        admitted("a", ONE);
        refused("b", ONE);
        pod.revoke("b", null);
        another.set("b", ONE, GRANT);
        admitted("b", ONE);
        refused("b", TWO);
    }

    @Test
    void whatWasNeverGrantedCanBeRevoked() {
        RecordId none = new RecordId("c".repeat(32));
        pod.revoke(null, none);
        pod.revoke("c", null);
        pod.revoke("c", none);
        refused("c", none);
    }

    @Test
    void eachKeyThatIsLostAloneRefuses() {
        List<String> keys = administrator.keys("*");
        assertThat(keys).hasSize(8);
        for (String key : keys) {
            grantEverything();
            administrator.del(key);
            List<String> admitted = new ArrayList<>();
            for (String session : List.of("a", "b")) {
                for (RecordId record : List.of(ONE, TWO)) {
                    if (another.verify(session, record)) admitted.add("grant:{" + record.hex() + "}:" + session);
                }
            }
            assertThat(admitted)
                    .as(key)
                    .hasSize(key.startsWith("grant:") ? 3 : 2)
                    .doesNotContain(key);
        }
        administrator.flushall();
        refused("a", ONE);
    }

    @Test
    void aRevocationBetweenTheTwoStepsOfAGrantRevokesIt() throws Exception {
        administrator.flushall();
        try (InterferingRelay relay = new InterferingRelay(redis.port());
                RedisGrants slow = new RedisGrants(redis.url(relay.port()), null, HOUR);
                ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            slow.ping();
            relay.hold();
            Future<?> setting = caller.submit(() -> slow.set("a", ONE, GRANT));
            try {
                // The pod waits two seconds for Redis.
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> administrator.exists("session:{a}") == 1);
                pod.revoke("a", null);
            } finally {
                relay.release();
            }
            setting.get(10, TimeUnit.SECONDS);
        }
        assertThat(administrator.exists("grant:{" + ONE.hex() + "}:a")).isEqualTo(1);
        refused("a", ONE);
        pod.set("a", TWO, GRANT);
        admitted("a", TWO);
        refused("a", ONE);
    }

    @Test
    void aUseIsOneRoundTrip() throws Exception {
        try (InterferingRelay relay = new InterferingRelay(redis.port());
                RedisGrants pipelined = new RedisGrants(redis.url(relay.port()), null, HOUR);
                ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            pipelined.use("a", ONE);
            administrator.configResetstat();
            relay.hold();
            Future<Duration> use = caller.submit(() -> pipelined.use("a", ONE));
            try {
                // Redis has both, and the pod has no answer yet.
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> administrator.info("commandstats").contains("cmdstat_getex:calls=1,"));
                assertThat(administrator.info("commandstats")).contains("cmdstat_evalsha:calls=1,");
                assertThat(use.isDone()).isFalse();
            } finally {
                relay.release();
            }
            assertThat(use.get(10, TimeUnit.SECONDS)).isPositive();
        }
    }

    @Test
    void theEpochsOutliveEveryGrantThatNamesThem() {
        administrator.flushall();
        Grant brief = new Grant(Direction.BOTH, Duration.ofSeconds(5), OptionalInt.of(3));
        pod.set("a", ONE, brief);
        pod.set("a", TWO, GRANT);
        pod.set("b", ONE, GRANT);
        pod.set("b", TWO, brief);
        for (String session : List.of("a", "b")) {
            for (RecordId record : List.of(ONE, TWO)) {
                long grant = administrator.pttl("grant:{" + record.hex() + "}:" + session);
                assertThat(grant).isPositive();
                assertThat(administrator.pttl("epoch:{" + record.hex() + "}")).isGreaterThan(grant);
                assertThat(administrator.pttl("session:{" + session + "}")).isGreaterThan(grant);
            }
        }
        assertThat(administrator.pttl("epoch:{" + ONE.hex() + "}")).isBetween(3_600_000L, 3_700_000L);
    }

    @Test
    void noMoreUsesThanThereAreAreAdmittedWhileGrantsAreRevoked() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            pod.set("a", ONE, new Grant(Direction.READ, HOUR, OptionalInt.of(20)));
            for (int i = 0; i < 100; i++) {
                RedisGrants by = i % 2 == 0 ? pod : another;
                calls.add(i == 50 ? () -> revoked(by) : () -> usable(by));
            }
            int admitted = 0;
            for (Future<Boolean> call : callers.invokeAll(calls)) if (call.get()) admitted++;
            assertThat(admitted).isLessThanOrEqualTo(20);
        }
        refused("a", ONE);
        pod.set("a", ONE, new Grant(Direction.READ, HOUR, OptionalInt.of(2)));
        assertThat(List.of(usable(pod), usable(another), usable(pod))).containsExactly(true, true, false);
    }

    /** In a Redis Cluster the two may be asked of two nodes, and each must refuse alone. */
    @Test
    void bothHalvesOfACheckAreWrites() {
        redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
        try {
            for (String name : List.of("read", "verify")) {
                byte[] script = RedisScript.load(name).text();
                assertThatThrownBy(() -> administrator.eval(
                                script, ScriptOutputType.MULTI, RedisKeys.ofGrant("a", ONE), "0", "1000"))
                        .hasMessageContaining("NOREPLICAS");
            }
            assertThatThrownBy(() -> administrator.getex(RedisKeys.session("a"), new GetExArgs()))
                    .hasMessageContaining("NOREPLICAS");
        } finally {
            redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
        }
    }

    @Test
    void anIsolatedPrimaryAdmitsNobodyAndConfirmsNothing() {
        redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
        try {
            for (Runnable attempt : new Runnable[] {
                () -> pod.use("a", ONE),
                () -> pod.check("a", ONE),
                () -> pod.verify("a", ONE),
                () -> pod.revoke(null, ONE),
                () -> pod.revoke("a", null),
                () -> pod.revoke("a", ONE)
            }) {
                assertThatThrownBy(attempt::run)
                        .isInstanceOfSatisfying(
                                CallFailed.class,
                                failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.GRANTS_UNAVAILABLE));
            }
        } finally {
            redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
        }
    }

    private static boolean revoked(RedisGrants by) {
        by.revoke(null, ONE);
        return false;
    }

    private static boolean usable(RedisGrants by) {
        try {
            by.use("a", ONE);
            return true;
        } catch (CallFailed failed) {
            EachPod.noGrant(failed);
            return false;
        }
    }

    private static void admitted(String session, RecordId record) {
        EachPod.admits(List.of(pod, another), session, record);
    }

    private static void refused(String session, RecordId record) {
        EachPod.refuses(List.of(pod, another), session, record);
    }
}
