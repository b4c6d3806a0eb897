package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.RedisAccess;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.EmbeddedSentinel;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two pods, and a Sentinel that names the primary of a Redis with a replica. */
@Tag("embedded")
class RedisSentinelTest {
    private static final RecordId RECORD = new RecordId("00112233445566778899aabbccddeeff");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Grant GRANT = new Grant(Direction.BOTH, HOUR, OptionalInt.empty());

    private static EmbeddedRedis primary;
    private static EmbeddedRedis replica;
    private static EmbeddedSentinel sentinel;
    private static RedisGrants pod;
    private static RedisGrants another;

    @BeforeAll
    static void start() {
        primary = new EmbeddedRedis();
        replica = new EmbeddedRedis();
        replica.replicate(primary.port());
        await().atMost(SOON).until(() -> primary.info("replication").contains("state=online"));
        sentinel = new EmbeddedSentinel(primary.port(), RedisAccess.SENTINEL);
        pod = new RedisGrants(sentinel.url(), null, HOUR);
        another = new RedisGrants(sentinel.url(), null, HOUR);
    }

    @AfterAll
    static void stop() {
        another.close();
        pod.close();
        sentinel.close();
        replica.close();
        primary.close();
    }

    @Test
    void grantsAreUsedAndRevokedOnThePrimaryAloneAndTheReplicaConfirms() {
        replica.command("CONFIG", "RESETSTAT");
        pod.ping();
        for (String session : List.of("a", "b")) pod.set(session, RECORD, GRANT);
        another.use("a", RECORD);
        confirmed(() -> pod.revoke("a", null));
        refused("a", ErrorCode.NO_GRANT);
        another.use("b", RECORD);
        confirmed(() -> another.revoke(null, RECORD));
        refused("b", ErrorCode.NO_GRANT);
        assertThat(replica.info("commandstats"))
                .contains("cmdstat_del")
                .doesNotContain("cmdstat_eval", "cmdstat_getex");
        assertThat(pod.memoryRatio()).isNaN();
    }

    @Test
    void aReplicaThatStandsStillConfirmsNothing() {
        pod.set("a", RECORD, GRANT);
        replica.pause();
        failed(() -> another.revoke("a", null), ErrorCode.REPLICATION_UNCONFIRMED);
        refused("a", ErrorCode.NO_GRANT);
        replica.resume();
        confirmed(() -> another.revoke("a", null));
    }

    @Test
    void oneSentinelThatAnswersIsEnough() {
        try (RedisGrants grants = new RedisGrants(sentinel.url().replaceFirst("@", "@127.0.0.1:1,"), null, HOUR)) {
            grants.ping();
        }
    }

    @Test
    void aNameThatNoSentinelKnowsOrAWrongPasswordGrantsNothing() {
        for (String url : List.of(
                sentinel.url().replaceFirst("#.*", "#another"),
                sentinel.url().replaceFirst("sentinelPassword=", "sentinelPassword=wrong"),
                sentinel.url().replaceFirst("//:", "//:wrong"))) {
            try (RedisGrants grants = new RedisGrants(url, null, HOUR)) {
                failed(grants::ping, ErrorCode.GRANTS_UNAVAILABLE);
            }
        }
    }

    private static void refused(String session, ErrorCode code) {
        for (RedisGrants by : List.of(pod, another)) failed(() -> by.use(session, RECORD), code);
    }

    /** Repeats it as a caller would, because the replica of a busy machine may be late. */
    private static void confirmed(Runnable attempt) {
        await().atMost(SOON)
                .ignoreExceptionsMatching(
                        e -> e instanceof CallFailed failed && failed.failure() == ErrorCode.REPLICATION_UNCONFIRMED)
                .untilAsserted(attempt::run);
    }

    private static void failed(Runnable attempt, ErrorCode code) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
