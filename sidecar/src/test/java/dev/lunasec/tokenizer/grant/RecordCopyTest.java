package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When Redis keeps a copy of a record beside a grant, who gets it, and when it ends. */
@Tag("embedded")
class RecordCopyTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final String SEALED = "{\"version\":1}";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Grant GRANT = new Grant(Direction.BOTH, HOUR, OptionalInt.empty());
    private static final String COPY = RedisKeys.copy(RECORD);

    private static EmbeddedRedis redis;
    private static RedisGrants pod;
    private static RedisGrants another;
    private static RedisClient client;
    private static RedisCommands<String, String> administrator;

    @BeforeAll
    static void start() {
        redis = new EmbeddedRedis();
        pod = new RedisGrants(redis.url(), null, HOUR);
        another = new RedisGrants(redis.url(), null, HOUR);
        client = RedisClient.create(redis.url());
        administrator = client.connect().sync();
    }

    @AfterAll
    static void stop() {
        client.close();
        another.close();
        pod.close();
        redis.close();
    }

    @BeforeEach
    void grant() {
        administrator.flushall();
        administrator.configSet("maxmemory", "1gb");
        pod.set("a", RECORD, GRANT);
    }

    @Test
    void eachHolderOfAGrantGetsTheCopyOnEachPod() {
        assertThat(another.useWithCopy("a", RECORD).copy()).isNull();
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        pod.set("b", RECORD, new Grant(Direction.READ, HOUR, OptionalInt.of(1)));
        assertThat(another.useWithCopy("a", RECORD).copy()).isEqualTo(SEALED);
        assertThat(another.useWithCopy("b", RECORD).copy()).isEqualTo(SEALED);
        refused(() -> another.useWithCopy("b", RECORD), ErrorCode.NO_GRANT);
        refused(() -> another.useWithCopy("c", RECORD), ErrorCode.NO_GRANT);
    }

    @Test
    void theUseIsAsLongAsWithoutACopy() {
        pod.set("b", RECORD, new Grant(Direction.READ, HOUR, OptionalInt.of(1)));
        assertThat(pod.copy("b", RECORD, SEALED)).isTrue();
        assertThat(pod.useWithCopy("a", RECORD).left()).isBetween(Duration.ofMinutes(59), HOUR);
        assertThat(pod.useWithCopy("b", RECORD).left()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aUseThatReadsTheCopyIsOneRoundTrip() throws Exception {
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        try (InterferingRelay relay = new InterferingRelay(redis.port());
                RedisGrants pipelined = new RedisGrants(redis.url(relay.port()), null, HOUR);
                ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            pipelined.use("a", RECORD);
            administrator.configResetstat();
            relay.hold();
            Future<GrantUse> use = caller.submit(() -> pipelined.useWithCopy("a", RECORD));
            try {
                // Redis has both, and the pod has no answer yet.
                await().until(() -> administrator.info("commandstats").contains("cmdstat_getex:calls=1,"));
                assertThat(administrator.info("commandstats")).contains("cmdstat_evalsha:calls=1,");
                assertThat(use.isDone()).isFalse();
            } finally {
                relay.release();
            }
            assertThat(use.get(10, TimeUnit.SECONDS).copy()).isEqualTo(SEALED);
            assertThat(administrator.info("commandstats"))
                    .contains("cmdstat_getex:calls=1,", "cmdstat_evalsha:calls=1,")
                    .doesNotContain("cmdstat_eval:");
        }
    }

    @Test
    void aCopyLivesAMinuteAtMostAndNotLongerThanItsGrant() {
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        assertThat(administrator.pttl(COPY)).isBetween(30_000L, 60_000L);
        pod.set("b", RECORD, new Grant(Direction.READ, Duration.ofSeconds(20), OptionalInt.empty()));
        assertThat(pod.copy("b", RECORD, SEALED)).isTrue();
        assertThat(administrator.pttl(COPY)).isBetween(1L, 20_000L);
    }

    @Test
    void anErasureDeletesTheCopyAndNoneAppearsAfterwards() {
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        another.erase(RECORD, Instant.ofEpochSecond(100), HOUR);
        assertThat(administrator.exists(COPY)).isZero();
        assertThat(pod.copy("a", RECORD, SEALED)).isFalse();
        assertThat(administrator.exists(COPY)).isZero();
        refused(() -> pod.useWithCopy("a", RECORD), ErrorCode.UNKNOWN_TOKEN);
    }

    /** An erasure writes the mark and deletes the epoch. Each of them alone is enough. */
    @Test
    void theEraseMarkAndTheLossOfTheEpochEachRefuseACopy() {
        administrator.set(RedisKeys.mark(RECORD), "100");
        assertThat(pod.copy("a", RECORD, SEALED)).isFalse();
        administrator.del(RedisKeys.mark(RECORD));
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        administrator.del(COPY, RedisKeys.epoch(RECORD));
        assertThat(pod.copy("a", RECORD, SEALED)).isFalse();
        assertThat(administrator.exists(COPY)).isZero();
    }

    @Test
    void aCopyThatIsThereAlthoughTheRecordIsMarkedAsErasedIsGivenToNobody() {
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        administrator.set(RedisKeys.mark(RECORD), "100");
        refused(() -> another.useWithCopy("a", RECORD), ErrorCode.UNKNOWN_TOKEN);
    }

    @Test
    void aGrantFromBeforeARevocationGetsNoCopyAndALaterOneDoes() {
        pod.revoke(null, RECORD);
        pod.set("b", RECORD, GRANT);
        assertThat(pod.copy("a", RECORD, SEALED)).isFalse();
        assertThat(pod.copy("c", RECORD, SEALED)).as("without a grant").isFalse();
        assertThat(administrator.exists(COPY)).isZero();
        assertThat(pod.copy("b", RECORD, SEALED)).isTrue();
        refused(() -> another.useWithCopy("a", RECORD), ErrorCode.NO_GRANT);
    }

    @Test
    void aRevokedSessionIsRefusedBesideACopyAndOthersGetIt() {
        pod.set("b", RECORD, GRANT);
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        another.revoke("a", null);
        refused(() -> pod.useWithCopy("a", RECORD), ErrorCode.NO_GRANT);
        assertThat(pod.useWithCopy("b", RECORD).copy()).isEqualTo(SEALED);
    }

    @Test
    void thereIsNoCopyInARedisThatIsHalfFullOrHasNoLimit() {
        long used = Long.parseLong(administrator
                .info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .orElseThrow()
                .substring("used_memory:".length()));
        for (String limit : new String[] {"0", "1", Long.toString(used + used / 2)}) {
            administrator.configSet("maxmemory", limit);
            assertThat(pod.copy("a", RECORD, SEALED)).as(limit).isFalse();
            assertThat(administrator.exists(COPY)).as(limit).isZero();
            assertThat(pod.useWithCopy("a", RECORD).copy()).as(limit).isNull();
        }
        administrator.configSet("maxmemory", Long.toString(3 * used));
        assertThat(pod.copy("a", RECORD, SEALED)).isTrue();
        // A copy that is there can be read, and ends with the record, when Redis is full.
        administrator.configSet("maxmemory", "1");
        assertThat(pod.useWithCopy("a", RECORD).copy()).isEqualTo(SEALED);
        another.erase(RECORD, Instant.ofEpochSecond(100), HOUR);
        assertThat(administrator.exists(COPY)).isZero();
    }

    private static void refused(Runnable attempt, ErrorCode code) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
