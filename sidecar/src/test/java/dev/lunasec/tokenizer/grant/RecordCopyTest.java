package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
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
@Tag("redis")
class RecordCopyTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final String SEALED = "{\"version\":1}";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Grant GRANT = new Grant(Direction.BOTH, HOUR, OptionalInt.empty());
    private static final String COPY = RedisKeys.copy(RECORD);

    private static TwoPods pods;

    @BeforeAll
    static void start() {
        pods = new TwoPods();
    }

    @AfterAll
    static void stop() {
        pods.close();
    }

    @BeforeEach
    void grant() {
        pods.administrator.flushall();
        pods.administrator.configSet("maxmemory", "1gb");
        pods.one.set("a", RECORD, GRANT);
    }

    @Test
    void eachHolderOfAGrantGetsTheCopyOnEachPod() {
        assertThat(pods.another.useWithCopy("a", RECORD).copy()).isNull();
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        pods.one.set("b", RECORD, new Grant(Direction.READ, HOUR, OptionalInt.of(1)));
        assertThat(pods.another.useWithCopy("a", RECORD).copy()).isEqualTo(SEALED);
        assertThat(pods.another.useWithCopy("b", RECORD).copy()).isEqualTo(SEALED);
        refused(() -> pods.another.useWithCopy("b", RECORD), ErrorCode.NO_GRANT);
        refused(() -> pods.another.useWithCopy("c", RECORD), ErrorCode.NO_GRANT);
    }

    @Test
    void theUseIsAsLongAsWithoutACopy() {
        pods.one.set("b", RECORD, new Grant(Direction.READ, HOUR, OptionalInt.of(1)));
        assertThat(pods.one.copy("b", RECORD, SEALED)).isTrue();
        assertThat(pods.one.useWithCopy("a", RECORD).left()).isBetween(Duration.ofMinutes(59), HOUR);
        assertThat(pods.one.useWithCopy("b", RECORD).left()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aUseThatReadsTheCopyIsOneRoundTrip() throws Exception {
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        try (InterferingRelay relay = new InterferingRelay(pods.redis.port());
                RedisGrants pipelined = new RedisGrants(pods.redis.url(relay.port()), null, HOUR);
                ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            pipelined.use("a", RECORD);
            pods.administrator.configResetstat();
            relay.hold();
            Future<GrantUse> use = caller.submit(() -> pipelined.useWithCopy("a", RECORD));
            try {
                // Redis has both, and the pod has no answer yet.
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> pods.administrator.info("commandstats").contains("cmdstat_getex:calls=1,"));
                assertThat(pods.administrator.info("commandstats")).contains("cmdstat_evalsha:calls=1,");
                assertThat(use.isDone()).isFalse();
            } finally {
                relay.release();
            }
            assertThat(use.get(10, TimeUnit.SECONDS).copy()).isEqualTo(SEALED);
            assertThat(pods.administrator.info("commandstats"))
                    .contains("cmdstat_getex:calls=1,", "cmdstat_evalsha:calls=1,")
                    .doesNotContain("cmdstat_eval:");
        }
    }

    @Test
    void aCopyLivesAMinuteAtMostAndNotLongerThanItsGrant() {
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        assertThat(pods.administrator.pttl(COPY)).isBetween(30_000L, 60_000L);
        pods.one.set("b", RECORD, new Grant(Direction.READ, Duration.ofSeconds(20), OptionalInt.empty()));
        assertThat(pods.one.copy("b", RECORD, SEALED)).isTrue();
        assertThat(pods.administrator.pttl(COPY)).isBetween(1L, 20_000L);
    }

    @Test
    void anErasureDeletesTheCopyAndNoneAppearsAfterwards() {
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        pods.another.erase(RECORD, Instant.ofEpochSecond(100), HOUR);
        assertThat(pods.administrator.exists(COPY)).isZero();
        assertThat(pods.one.copy("a", RECORD, SEALED)).isFalse();
        assertThat(pods.administrator.exists(COPY)).isZero();
        refused(() -> pods.one.useWithCopy("a", RECORD), ErrorCode.UNKNOWN_TOKEN);
    }

    /** An erasure writes the mark and deletes the epoch. Each of them alone is enough. */
    @Test
    void theEraseMarkAndTheLossOfTheEpochEachRefuseACopy() {
        pods.administrator.set(RedisKeys.mark(RECORD), "100");
        assertThat(pods.one.copy("a", RECORD, SEALED)).isFalse();
        pods.administrator.del(RedisKeys.mark(RECORD));
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        pods.administrator.del(COPY, RedisKeys.epoch(RECORD));
        assertThat(pods.one.copy("a", RECORD, SEALED)).isFalse();
        assertThat(pods.administrator.exists(COPY)).isZero();
    }

    @Test
    void aCopyThatIsThereAlthoughTheRecordIsMarkedAsErasedIsGivenToNobody() {
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        pods.administrator.set(RedisKeys.mark(RECORD), "100");
        refused(() -> pods.another.useWithCopy("a", RECORD), ErrorCode.UNKNOWN_TOKEN);
    }

    @Test
    void aGrantFromBeforeARevocationGetsNoCopyAndALaterOneDoes() {
        pods.one.revoke(null, RECORD);
        pods.one.set("b", RECORD, GRANT);
        assertThat(pods.one.copy("a", RECORD, SEALED)).isFalse();
        assertThat(pods.one.copy("c", RECORD, SEALED)).as("without a grant").isFalse();
        assertThat(pods.administrator.exists(COPY)).isZero();
        assertThat(pods.one.copy("b", RECORD, SEALED)).isTrue();
        refused(() -> pods.another.useWithCopy("a", RECORD), ErrorCode.NO_GRANT);
    }

    @Test
    void aRevokedSessionIsRefusedBesideACopyAndOthersGetIt() {
        pods.one.set("b", RECORD, GRANT);
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        pods.another.revoke("a", null);
        refused(() -> pods.one.useWithCopy("a", RECORD), ErrorCode.NO_GRANT);
        assertThat(pods.one.useWithCopy("b", RECORD).copy()).isEqualTo(SEALED);
    }

    @Test
    void thereIsNoCopyInARedisThatIsHalfFullOrHasNoLimit() {
        long used = Long.parseLong(pods.administrator
                .info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .findFirst()
                .orElseThrow()
                .substring("used_memory:".length()));
        for (String limit : new String[] {"0", "1", Long.toString(used + used / 2)}) {
            pods.administrator.configSet("maxmemory", limit);
            assertThat(pods.one.copy("a", RECORD, SEALED)).as(limit).isFalse();
            assertThat(pods.administrator.exists(COPY)).as(limit).isZero();
            assertThat(pods.one.useWithCopy("a", RECORD).copy()).as(limit).isNull();
        }
        pods.administrator.configSet("maxmemory", Long.toString(3 * used));
        assertThat(pods.one.copy("a", RECORD, SEALED)).isTrue();
        // A copy that is there can be read, and ends with the record, when Redis is full.
        pods.administrator.configSet("maxmemory", "1");
        assertThat(pods.one.useWithCopy("a", RECORD).copy()).isEqualTo(SEALED);
        pods.another.erase(RECORD, Instant.ofEpochSecond(100), HOUR);
        assertThat(pods.administrator.exists(COPY)).isZero();
    }

    private static void refused(Runnable attempt, ErrorCode code) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
