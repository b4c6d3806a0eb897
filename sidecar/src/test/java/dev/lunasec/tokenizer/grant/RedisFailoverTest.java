package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.RedisAccess;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.EmbeddedRedisCluster;
import dev.lunasec.testbed.EmbeddedSentinel;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.testbed.TestAuthority;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two pods, and a Redis whose primary crashes right after an answer. Its replica then becomes the primary by itself.
 */
@Tag("full")
class RedisFailoverTest {
    private static final RecordId ONE = new RecordId("00112233445566778899aabbccddeeff");
    private static final RecordId TWO = new RecordId("ffeeddccbbaa99887766554433221100");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Grant GRANT = new Grant(Direction.BOTH, HOUR, OptionalInt.empty());

    @Test
    void sentinelLeadsToTheReplicaWhichKnowsWhatWasRevoked() {
        try (EmbeddedRedis primary = new EmbeddedRedis();
                EmbeddedRedis replica = new EmbeddedRedis()) {
            replica.replicate(primary.port());
            awaitReplica(primary);
            try (EmbeddedSentinel sentinel = new EmbeddedSentinel(primary.port(), RedisAccess.SENTINEL);
                    RedisGrants pod = new RedisGrants(sentinel.url(), null, HOUR);
                    RedisGrants another = new RedisGrants(sentinel.url(), null, HOUR)) {
                pod.ping();
                new Failover(pod, another).happens(primary, replica);
                primary.restart();
            }
        }
    }

    @Test
    void theReplicaOfAClusterNodeKnowsWhatWasRevoked() {
        try (EmbeddedRedisCluster redis = EmbeddedRedisCluster.withReplicas(Duration.ofSeconds(2))) {
            await().atMost(SOON).until(redis::serves);
            for (EmbeddedRedis primary : redis.primaries()) awaitReplica(primary);
            // The record, not the sessions, is on the node that crashes.
            EmbeddedRedis primary =
                    redis.primaries().get(SlotHash.getSlot(RedisKeys.epoch(ONE)) * 3 / SlotHash.SLOT_COUNT);
            EmbeddedRedis replica = redis.replicaOf(primary);
            try (RedisGrants pod = new RedisGrants(redis.url(), null, HOUR);
                    RedisGrants another = new RedisGrants(redis.url(), null, HOUR)) {
                replicaConfirms(pod, another, replica);
                new Failover(pod, another).happens(primary, replica);
                // The old primary returns as a replica of the new one, and has to confirm too.
                primary.restart();
                awaitReplica(replica);
                replicaConfirms(pod, another, primary);
            }
        }
    }

    @Test
    void everyNodeOfAClusterIsReachedOverTls() {
        TestAuthority authority = new TestAuthority("redis");
        List<TcpRelay> relays = new ArrayList<>();
        IntUnaryOperator overTls = port -> {
            relays.add(TcpRelay.overTls(authority, port));
            return relays.getLast().port();
        };
        try (EmbeddedRedisCluster redis = EmbeddedRedisCluster.behind(overTls)) {
            await().atMost(SOON).until(redis::serves);
            String url = redis.url().replaceFirst("redis", "rediss");
            try (RedisGrants pod = new RedisGrants(url, authority.pem(), HOUR)) {
                for (String session : List.of("a", "b", "c", "d", "e", "f")) {
                    pod.set(session, ONE, GRANT);
                    pod.use(session, ONE);
                    pod.revoke(session, null);
                    failed(() -> pod.use(session, ONE), ErrorCode.NO_GRANT);
                }
            }
            try (RedisGrants distrusting = new RedisGrants(url, new TestAuthority("another").pem(), HOUR)) {
                failed(distrusting::ping, ErrorCode.GRANTS_UNAVAILABLE);
            }
        } finally {
            relays.forEach(TcpRelay::close);
        }
    }

    /** What two pods see of a failover. */
    private record Failover(RedisGrants pod, RedisGrants another) {
        void happens(EmbeddedRedis primary, EmbeddedRedis replica) {
            for (String session : List.of("a", "b", "c")) {
                available(() -> pod.set(session, ONE, GRANT));
                available(() -> pod.set(session, TWO, GRANT));
            }
            replica.command("CONFIG", "RESETSTAT");
            another.use("a", ONE);
            // It is confirmed, so the replica has the grants too.
            available(() -> pod.revoke("a", ONE));
            available(() -> pod.revoke("b", null));
            assertThat(replica.info("commandstats")).doesNotContain("cmdstat_eval", "cmdstat_getex");
            primary.kill();
            await().atMost(SOON).until(replica::isPrimary);
            for (RedisGrants by : List.of(pod, another)) {
                available(() -> by.use("c", ONE));
                available(() -> by.use("c", TWO));
                failed(() -> by.use("a", ONE), ErrorCode.NO_GRANT);
                failed(() -> by.use("b", ONE), ErrorCode.NO_GRANT);
                failed(() -> by.use("b", TWO), ErrorCode.NO_GRANT);
            }
            available(() -> another.revoke(null, ONE));
            failed(() -> pod.use("c", ONE), ErrorCode.NO_GRANT);
            pod.use("c", TWO);
            available(() -> another.erase(TWO, Instant.ofEpochSecond(100), HOUR));
            failed(() -> pod.use("c", TWO), ErrorCode.UNKNOWN_TOKEN);
        }
    }

    /** Without its replica, the primary confirms nothing, and refuses all the same. */
    private static void replicaConfirms(RedisGrants pod, RedisGrants another, EmbeddedRedis replica) {
        available(() -> pod.set("d", ONE, GRANT));
        available(() -> another.revoke("another", ONE));
        replica.pause();
        failed(() -> another.revoke(null, ONE), ErrorCode.REPLICATION_UNCONFIRMED);
        failed(() -> pod.use("d", ONE), ErrorCode.NO_GRANT);
        replica.resume();
        available(() -> another.revoke(null, ONE));
    }

    private static void awaitReplica(EmbeddedRedis primary) {
        await().atMost(SOON).until(() -> primary.info("replication").contains("state=online"));
    }

    /** Repeats it as a caller would until a primary answers and its replicas confirm. */
    private static void available(Runnable attempt) {
        await().atMost(SOON)
                .ignoreExceptionsMatching(e -> e instanceof CallFailed failed
                        && (failed.failure() == ErrorCode.GRANTS_UNAVAILABLE
                                || failed.failure() == ErrorCode.REPLICATION_UNCONFIRMED))
                .untilAsserted(attempt::run);
    }

    private static void failed(Runnable attempt, ErrorCode code) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
