package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against a real Redis. */
@Tag("embedded")
@Tag("redis")
class RedisGrantsTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final RecordId OTHER = new RecordId("ffeeddccbbaa99887766554433221100");

    private static EmbeddedRedis redis;
    private static RedisGrants grants;

    @BeforeAll
    static void start() {
        redis = new EmbeddedRedis();
        grants = new RedisGrants(redis.url(), null, Duration.ofHours(1));
    }

    @AfterAll
    static void stop() {
        grants.close();
        redis.close();
    }

    @Test
    void ofManyAtTheSameTimeExactlyAsManyGetInAsThereAreUses() throws Exception {
        try (RedisGrants secondPod = new RedisGrants(redis.url(), null, Duration.ofHours(1));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            grants.set("many", RECORD, new Grant(Direction.BOTH, Duration.ofMinutes(1), OptionalInt.of(10)));
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                RedisGrants pod = i % 2 == 0 ? grants : secondPod;
                calls.add(() -> usable(pod, "many"));
            }
            int admitted = 0;
            for (Future<Boolean> call : callers.invokeAll(calls)) if (call.get()) admitted++;
            assertThat(admitted).isEqualTo(10);
            assertThat(grants.verify("many", RECORD)).isFalse();
        }
    }

    @Test
    void aUseIsOneScriptAndOneKey() {
        grants.set("trips", RECORD, new Grant(Direction.READ, Duration.ofMinutes(1), OptionalInt.of(9)));
        grants.use("trips", RECORD);
        try (RedisClient client = RedisClient.create(redis.url())) {
            RedisCommands<String, String> commands = client.connect().sync();
            commands.configResetstat();
            grants.use("trips", RECORD);
            assertThat(commands.info("commandstats"))
                    .contains("cmdstat_evalsha:calls=1,", "cmdstat_getex:calls=1,")
                    .doesNotContain("cmdstat_eval:", "cmdstat_script");
        }
    }

    @Test
    void aGrantEndsByItself() {
        grants.set("short", RECORD, new Grant(Direction.BOTH, Duration.ofSeconds(3), OptionalInt.empty()));
        assertThat(grants.use("short", RECORD)).isBetween(Duration.ofMillis(1), Duration.ofSeconds(3));
        await().atMost(Duration.ofSeconds(60)).until(() -> !grants.verify("short", RECORD));
        assertThat(usable(grants, "short")).isFalse();
    }

    @Test
    void aGrantIsForOneSessionAndOneRecord() {
        grants.set("one", RECORD, new Grant(Direction.READ, Duration.ofMinutes(1), OptionalInt.empty()));
        assertThat(usable(grants, "one")).isTrue();
        assertThat(usable(grants, "two")).isFalse();
        assertThat(grants.verify("one", OTHER)).isFalse();
    }

    @Test
    void aNewGrantReplacesTheOldOneAsAWhole() {
        grants.set("again", RECORD, new Grant(Direction.BOTH, Duration.ofMinutes(1), OptionalInt.of(1)));
        grants.set("again", RECORD, new Grant(Direction.BOTH, Duration.ofMinutes(1), OptionalInt.empty()));
        for (int i = 0; i < 3; i++) assertThat(usable(grants, "again")).isTrue();
        grants.set("again", RECORD, new Grant(Direction.STORE, Duration.ofMinutes(1), OptionalInt.empty()));
        assertThat(usable(grants, "again")).isFalse();
        assertThat(grants.verify("again", RECORD)).isTrue();
    }

    @Test
    void grantsForAnErasedRecordAreWorthNothingAndNoneCanBeGiven() throws Exception {
        RecordId erased = new RecordId("e".repeat(32));
        Grant grant = new Grant(Direction.BOTH, Duration.ofMinutes(1), OptionalInt.of(5));
        grants.set("before", erased, grant);
        assertThat(grants.erase(erased, Instant.ofEpochSecond(100), Duration.ofMinutes(10)))
                .isEqualTo(Instant.ofEpochSecond(100));
        try (RedisGrants secondPod = new RedisGrants(redis.url(), null, Duration.ofHours(1))) {
            assertThat(secondPod.verify("before", erased)).isFalse();
            assertThatThrownBy(() -> secondPod.use("before", erased)).satisfies(RedisGrantsTest::erased);
            assertThatThrownBy(() -> secondPod.check("before", erased)).satisfies(RedisGrantsTest::erased);
            assertThatThrownBy(() -> secondPod.requireNotErased(erased)).satisfies(RedisGrantsTest::erased);
            assertThatThrownBy(() -> secondPod.check("nobody", erased)).satisfies(RedisGrantsTest::notGranted);
            assertThatThrownBy(() -> secondPod.checkStore("nobody", erased)).satisfies(RedisGrantsTest::notGranted);
            assertThatThrownBy(() -> secondPod.requireNotErased(erased))
                    .as("no check takes the mark away")
                    .satisfies(RedisGrantsTest::erased);
            assertThatThrownBy(() -> secondPod.set("after", erased, grant)).satisfies(RedisGrantsTest::erased);
            assertThat(secondPod.erase(erased, Instant.ofEpochSecond(200), Duration.ofMillis(300)))
                    .as("when it was erased first")
                    .isEqualTo(Instant.ofEpochSecond(100));
        }
        assertThat(milliseconds(mark(erased))).isGreaterThan(milliseconds("grant:{" + erased.hex() + "}:before"));
        deleteKey(mark(erased));
        assertThat(grants.verify("before", erased)).as("without the mark").isFalse();
        assertThat(grants.verify("after", erased)).isFalse();
        assertThat(grants.erase(erased, Instant.ofEpochSecond(300), Duration.ofMillis(1)))
                .isEqualTo(Instant.ofEpochSecond(300));
    }

    @Test
    void theEraseMarkOutlivesGrantsThatWereSetWhileTheyCouldLastLonger() {
        RecordId erased = new RecordId("d".repeat(32));
        try (RedisGrants before = new RedisGrants(redis.url(), null, Duration.ofDays(30));
                RedisGrants after = new RedisGrants(redis.url(), null, Duration.ofMinutes(1))) {
            before.ping();
            before.set("long", erased, new Grant(Direction.BOTH, Duration.ofDays(30), OptionalInt.empty()));
            after.ping();
            after.erase(erased, Instant.ofEpochSecond(100), Duration.ofMinutes(11));
            assertThat(milliseconds(mark(erased))).isGreaterThan(milliseconds("grant:{" + erased.hex() + "}:long"));
        }
        deleteKey("longest-grant");
    }

    @Test
    void aUseOfALimitedGrantGivesAURLOfTenSecondsAtMost() {
        Duration hour = Duration.ofHours(1);
        grants.set("counted", RECORD, new Grant(Direction.READ, hour, OptionalInt.of(2)));
        assertThat(grants.use("counted", RECORD)).isBetween(Duration.ofMillis(1), Duration.ofSeconds(10));
        grants.set("counted", RECORD, new Grant(Direction.READ, Duration.ofSeconds(5), OptionalInt.of(1)));
        assertThat(grants.use("counted", RECORD)).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5));
        grants.set("counted", RECORD, new Grant(Direction.READ, hour, OptionalInt.empty()));
        assertThat(grants.use("counted", RECORD)).isBetween(Duration.ofMinutes(59), hour);
    }

    @Test
    void aGranterHasNoMoreValidGrantsThanItMay() throws Exception {
        Granter granter = new Granter("granter", 3);
        Callable<Boolean> second = () -> counted(granter, Duration.ofSeconds(1));
        Callable<Boolean> hours = () -> counted(granter, Duration.ofHours(5));
        assertThat(List.of(hours.call(), hours.call(), second.call(), hours.call()))
                .containsExactly(true, true, true, false);
        assertThat(counted(new Granter("another", 1), Duration.ofHours(5))).isTrue();
        // The grant of a second ends, and makes room for one more.
        await().atMost(Duration.ofSeconds(60)).until(hours);
        assertThat(second.call()).isFalse();
        assertThat(milliseconds("granter:granter")).isBetween(18_000_000L, 18_000_000L * 9 / 8);
    }

    @Test
    void theCountsOfAGranterStaySmall() {
        Granter granter = new Granter("busy", 1_000_000);
        for (int i = 0; i < 2000; i++) {
            Duration lifetime = Duration.ofMinutes(15).plusSeconds(i);
            RedisLoginStatesTest.repeatedIfLate(() -> grants.count(granter, lifetime));
        }
        try (RedisClient client = RedisClient.create(redis.url())) {
            assertThat(client.connect().sync().hlen("granter:busy")).isLessThan(40);
        }
    }

    @Test
    void theMemoryOfRedisIsAShareOfItsLimit() {
        assertThat(grants.memoryRatio()).as("without a limit").isNaN();
        redis.command("CONFIG", "SET", "maxmemory", "1gb");
        try {
            assertThat(grants.memoryRatio()).isBetween(0.0001, 0.1);
        } finally {
            redis.command("CONFIG", "SET", "maxmemory", "0");
        }
    }

    private static boolean counted(Granter granter, Duration lifetime) {
        try {
            grants.count(granter, lifetime);
            return true;
        } catch (CallFailed e) {
            assertThat(e.failure()).isEqualTo(ErrorCode.TOO_MANY_GRANTS);
            return false;
        }
    }

    private static String mark(RecordId record) {
        return "erased:{" + record.hex() + "}";
    }

    private static long milliseconds(String key) {
        try (RedisClient client = RedisClient.create(redis.url())) {
            return client.connect().sync().pttl(key);
        }
    }

    private static void deleteKey(String key) {
        try (RedisClient client = RedisClient.create(redis.url())) {
            assertThat(client.connect().sync().del(key)).isEqualTo(1);
        }
    }

    private static void erased(Throwable failed) {
        assertThat(failed)
                .isInstanceOfSatisfying(
                        CallFailed.class, it -> assertThat(it.failure()).isEqualTo(ErrorCode.UNKNOWN_TOKEN));
    }

    private static void notGranted(Throwable failed) {
        assertThat(failed)
                .isInstanceOfSatisfying(
                        CallFailed.class, it -> assertThat(it.failure()).isEqualTo(ErrorCode.NO_GRANT));
    }

    private static boolean usable(RedisGrants pod, String session) {
        try {
            pod.use(session, RECORD);
            return true;
        } catch (CallFailed e) {
            assertThat(e.failure()).isEqualTo(ErrorCode.NO_GRANT);
            return false;
        }
    }

    @Test
    void aWrongPasswordLetsNobodyIn() {
        try (RedisGrants wrong =
                new RedisGrants(redis.url().replace("embedded", "guessed"), null, Duration.ofHours(1))) {
            assertThatThrownBy(() -> wrong.use("one", RECORD)).satisfies(RedisGrantsTest::unavailable);
        }
    }

    @Test
    void aConnectionThatIsOpenAndSilentIsReplaced() {
        grants.set("silent", RECORD, new Grant(Direction.BOTH, Duration.ofMinutes(5), OptionalInt.empty()));
        try (TcpRelay proxy = TcpRelay.to(redis.port());
                RedisGrants through = new RedisGrants(redis.url(proxy.port()), null, Duration.ofHours(1))) {
            assertThat(usable(through, "silent")).isTrue();
            proxy.freeze();
            assertThatThrownBy(() -> through.use("silent", RECORD)).satisfies(RedisGrantsTest::unavailable);
            assertThat(usable(through, "silent")).isTrue();
            assertThat(proxy.connections()).isEqualTo(2);
        }
    }

    @Test
    void allThatWaitOnASilentConnectionFailInTimeAndOneConnectionComesAfterIt() throws Exception {
        grants.set("many silent", RECORD, new Grant(Direction.BOTH, Duration.ofMinutes(5), OptionalInt.empty()));
        try (TcpRelay proxy = TcpRelay.to(redis.port());
                RedisGrants through = new RedisGrants(redis.url(proxy.port()), null, Duration.ofHours(1));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            through.check("many silent", RECORD);
            proxy.freeze();
            List<Callable<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(() -> {
                    assertThatThrownBy(() -> through.check("many silent", RECORD))
                            .satisfies(RedisGrantsTest::unavailable);
                    return null;
                });
            }
            for (Future<Void> call : callers.invokeAll(calls, 10, TimeUnit.SECONDS)) call.get();
            for (int i = 0; i < 5; i++) through.check("many silent", RECORD);
            assertThat(proxy.connections()).isEqualTo(2);
        }
    }

    @Test
    void whoeverWaitsForAConnectionWaitsNoLongerThanForAnAnswer() throws Exception {
        try (TcpRelay proxy = TcpRelay.to(redis.port());
                RedisGrants through = new RedisGrants(redis.url(proxy.port()), null, Duration.ofHours(1));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            proxy.freezeAll();
            List<Callable<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(() -> {
                    assertThatThrownBy(() -> through.verify("one", RECORD)).satisfies(RedisGrantsTest::unavailable);
                    return null;
                });
            }
            // One after the other would be 50 times the timeout.
            for (Future<Void> call : callers.invokeAll(calls, 15, TimeUnit.SECONDS)) call.get();
        }
    }

    @Test
    void aReplicaThatTakesNoWritesIsNotReady() {
        grants.ping();
        redis.command("REPLICAOF", "127.0.0.1", "1");
        try {
            assertThatThrownBy(grants::ping).satisfies(RedisGrantsTest::unavailable);
        } finally {
            redis.command("REPLICAOF", "NO", "ONE");
        }
        grants.ping();
    }

    private static void unavailable(Throwable failed) {
        assertThat(failed)
                .isInstanceOfSatisfying(
                        CallFailed.class, it -> assertThat(it.failure()).isEqualTo(ErrorCode.GRANTS_UNAVAILABLE));
    }
}
