package dev.lunasec.tokenizer.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.RedisAccess;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.EmbeddedRedisCluster;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import dev.lunasec.tokenizer.token.RecordId;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two pods and a Redis Cluster of three nodes, in which their user has the rights of {@link RedisAccess} alone. */
@Tag("embedded")
class RedisClusterTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Grant GRANT = new Grant(Direction.BOTH, HOUR, OptionalInt.empty());

    private static EmbeddedRedisCluster redis;
    private static RedisGrants pod;
    private static RedisGrants another;
    private static RedisClusterClient client;
    private static RedisAdvancedClusterCommands<String, String> administrator;

    @BeforeAll
    static void start() {
        redis = new EmbeddedRedisCluster();
        await().atMost(SOON).until(redis::serves);
        for (EmbeddedRedis node : redis.primaries()) {
            String rights = "SETUSER tokenizer on >embedded " + RedisAccess.RULES + " " + RedisAccess.CLUSTER;
            node.command("ACL", rights.split(" ", -1));
        }
        pod = new RedisGrants(asUser(redis.url()), null, HOUR);
        another = new RedisGrants(asUser(redis.url()), null, HOUR);
        client = RedisClusterClient.create(redis.primaries().getFirst().url());
        administrator = client.connect().sync();
    }

    @AfterAll
    static void stop() {
        client.close();
        another.close();
        pod.close();
        redis.close();
    }

    @Test
    void grantsOnEachNodeAreUsedAndRevokedOnEachPod() {
        for (RecordId record : oneOnEachNode(0)) {
            for (String session : List.of("one", "two", "three")) {
                pod.set(session, record, GRANT);
                admitted(session, record);
            }
            another.revoke("one", record);
            refused("one", record);
            admitted("two", record);
            another.revoke(null, record);
            refused("two", record);
            refused("three", record);
            pod.set("three", record, GRANT);
            admitted("three", record);
            refused("two", record);
        }
        another.revoke("three", null);
        for (RecordId record : oneOnEachNode(0)) {
            refused("three", record);
            pod.set("three", record, GRANT);
            admitted("three", record);
            refused("two", record);
            Instant now = Instant.ofEpochSecond(100);
            assertThat(another.erase(record, now, HOUR)).isEqualTo(now);
            failed(() -> pod.use("three", record), ErrorCode.UNKNOWN_TOKEN);
            failed(() -> pod.set("three", record, GRANT), ErrorCode.UNKNOWN_TOKEN);
        }
    }

    @Test
    void everythingElseWorksToo() {
        pod.ping();
        pod.count(new Granter("granter", 1), HOUR);
        failed(() -> another.count(new Granter("granter", 1), HOUR), ErrorCode.TOO_MANY_GRANTS);
        assertThat(another.logins().take(pod.logins().begin("shop"), "shop")).isTrue();
        RecordId record = oneOnEachNode(1_000).getFirst();
        pod.set("once", record, new Grant(Direction.READ, HOUR, OptionalInt.of(1)));
        another.use("once", record);
        failed(() -> pod.use("once", record), ErrorCode.NO_GRANT);
    }

    @Test
    void theMemoryOfTheFullestPrimaryCounts() {
        assertThat(pod.memoryRatio()).isNaN();
        redis.primaries().get(1).command("CONFIG", "SET", "maxmemory", "1gb");
        assertThat(pod.memoryRatio()).isBetween(0.0, 0.1);
        redis.primaries().get(2).command("CONFIG", "SET", "maxmemory", "5mb");
        assertThat(pod.memoryRatio()).isGreaterThan(0.2);
        for (EmbeddedRedis node : redis.primaries()) node.command("CONFIG", "SET", "maxmemory", "0");
    }

    @Test
    void aCopyOfARecordIsBesideItsGrantsOnEachNodeAndEndsWithAnErasure() {
        for (EmbeddedRedis node : redis.primaries()) node.command("CONFIG", "SET", "maxmemory", "1gb");
        try {
            for (RecordId record : oneOnEachNode(7_000)) {
                for (String session : oneSessionOnEachNode()) {
                    pod.set(session, record, GRANT);
                    assertThat(pod.copy(session, record, session)).isTrue();
                    assertThat(another.useWithCopy(session, record).copy()).isEqualTo(session);
                }
                another.erase(record, Instant.ofEpochSecond(100), HOUR);
                assertThat(administrator.exists(RedisKeys.copy(record))).isZero();
                assertThat(pod.copy(oneSessionOnEachNode().getFirst(), record, "late"))
                        .isFalse();
            }
        } finally {
            for (EmbeddedRedis node : redis.primaries()) node.command("CONFIG", "SET", "maxmemory", "0");
        }
    }

    @Test
    void oneNodeIsEnoughToFindTheOthersAlsoByIPv6() {
        int port = redis.primaries().getFirst().port();
        RecordId record = new RecordId("e".repeat(32));
        try (RedisGrants grants =
                new RedisGrants("redis://tokenizer:embedded@[::1]:" + port + "?cluster=true", null, HOUR)) {
            for (String session : List.of("a", "b", "c", "d", "e", "f")) {
                grants.set(session, record, GRANT);
                grants.use(session, record);
                grants.revoke(session, null);
                failed(() -> grants.use(session, record), ErrorCode.NO_GRANT);
            }
        }
    }

    @Test
    void whileTheSlotOfASessionMovesGrantsAreUsedAndItsRevocationFailsUntilItHasMoved() {
        RecordId record = oneOnEachNode(2_000).getLast();
        String slot = Integer.toString(SlotHash.getSlot(RedisKeys.session("moved")));
        int node = node(RedisKeys.session("moved"));
        EmbeddedRedis from = redis.primaries().get(node);
        EmbeddedRedis to = redis.primaries().get((node + 1) % 3);
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", redis.id(from));
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", redis.id(to));
        pod.set("moved", record, GRANT);
        admitted("moved", record);
        // The node that takes the write is not the one that would have it confirmed.
        failed(() -> pod.revoke("moved", null), ErrorCode.GRANTS_UNAVAILABLE);
        admitted("moved", record);
        to.command("CLUSTER", "SETSLOT", slot, "NODE", redis.id(to));
        from.command("CLUSTER", "SETSLOT", slot, "NODE", redis.id(to));
        await().atMost(SOON)
                .ignoreExceptionsMatching(
                        e -> e instanceof CallFailed failed && failed.failure() == ErrorCode.GRANTS_UNAVAILABLE)
                .untilAsserted(() -> pod.revoke("moved", null));
        refused("moved", record);
    }

    @Test
    void eachKeyOfAGrantThatIsLostAloneRefusesItOnEachNode() {
        for (RecordId record : oneOnEachNode(3_000)) {
            for (String key : List.of(RedisKeys.grant("a", record), RedisKeys.epoch(record), RedisKeys.session("a"))) {
                pod.set("a", record, GRANT);
                admitted("a", record);
                assertThat(administrator.del(key)).as(key).isEqualTo(1);
                refused("a", record);
            }
        }
    }

    @Test
    void theGrantsThatHaveAKeyOnANodeWithoutDataAreRefusedAndNoOthers() {
        List<RecordId> records = oneOnEachNode(4_000);
        List<String> sessions = oneSessionOnEachNode();
        for (int empty = 0; empty < 3; empty++) {
            for (String session : sessions) {
                for (RecordId record : records) pod.set(session, record, GRANT);
            }
            redis.primaries().get(empty).command("FLUSHALL");
            for (int of = 0; of < 3; of++) {
                for (int on = 0; on < 3; on++) {
                    if (of == empty || on == empty) {
                        refused(sessions.get(of), records.get(on));
                    } else {
                        admitted(sessions.get(of), records.get(on));
                    }
                }
            }
        }
        for (EmbeddedRedis node : redis.primaries()) node.command("FLUSHALL");
        for (String session : sessions) {
            for (RecordId record : records) refused(session, record);
        }
    }

    @Test
    void aFullNodeRevokesAndTakesNoGrantsAndTheOthersTakeThem() {
        List<RecordId> records = oneOnEachNode(5_000);
        List<String> sessions = oneSessionOnEachNode();
        for (int node = 0; node < 3; node++) {
            RecordId here = records.get(node);
            RecordId elsewhere = records.get((node + 1) % 3);
            String ofHere = sessions.get(node);
            String ofElsewhere = sessions.get((node + 1) % 3);
            String third = sessions.get((node + 2) % 3);
            for (String session : sessions) {
                for (RecordId record : records) pod.set(session, record, GRANT);
            }
            EmbeddedRedis full = redis.primaries().get(node);
            full.command("CONFIG", "SET", "maxmemory", "1");
            try {
                pod.ping();
                failed(() -> pod.set(ofElsewhere, here, GRANT), ErrorCode.GRANTS_FULL);
                admitted(ofElsewhere, here);
                pod.set(ofElsewhere, elsewhere, GRANT);

                another.revoke(ofElsewhere, here);
                refused(ofElsewhere, here);
                admitted(third, here);
                another.revoke(null, here);
                refused(third, here);
                refused(ofHere, here);

                admitted(ofHere, elsewhere);
                another.revoke(ofHere, null);
                refused(ofHere, elsewhere);
                // The session has no epoch now, and its node has no room for one.
                failed(() -> pod.set(ofHere, elsewhere, GRANT), ErrorCode.GRANTS_FULL);
                refused(ofHere, elsewhere);
                admitted(ofElsewhere, elsewhere);
            } finally {
                full.command("CONFIG", "SET", "maxmemory", "0");
            }
        }
    }

    @Test
    void aRevocationOnOneNodeBetweenTheTwoStepsOfAGrantRevokesIt() throws Exception {
        administrator.flushall();
        EmbeddedRedis node = redis.primaries().getFirst();
        RecordId record = oneOnEachNode(6_000).getFirst();
        String session = oneSessionOnEachNode().getLast();
        pod.ping();
        // From now on the pod has the connection on which replicas confirm.
        another.revoke(session, null);
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            // The node of the record waits, and the one of the session does not.
            node.command("CLIENT", "PAUSE", "60000", "WRITE");
            Future<?> setting = caller.submit(() -> pod.set(session, record, GRANT));
            try {
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> administrator.exists(RedisKeys.session(session)) == 1);
                another.revoke(session, null);
                assertThat(administrator.exists(RedisKeys.session(session))).isZero();
                assertThat(administrator.exists(RedisKeys.grant(session, record)))
                        .isZero();
            } finally {
                node.command("CLIENT", "UNPAUSE");
            }
            setting.get(10, TimeUnit.SECONDS);
        }
        assertThat(administrator.exists(RedisKeys.grant(session, record))).isEqualTo(1);
        refused(session, record);
        pod.set(session, record, GRANT);
        admitted(session, record);
    }

    /**
     * One record for each primary, in their order.
     *
     * @param from differs for each test, because one of them erases its records
     */
    private static List<RecordId> oneOnEachNode(int from) {
        return oneOnEachNode(from, number -> new RecordId("%032x".formatted(number)), RedisKeys::epoch);
    }

    /** One session for each primary, in their order. */
    private static List<String> oneSessionOnEachNode() {
        return oneOnEachNode(0, number -> "session-" + number, RedisKeys::session);
    }

    private static <T> List<T> oneOnEachNode(int from, IntFunction<T> named, Function<T, String> key) {
        List<T> found = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            int wanted = node;
            found.add(IntStream.iterate(from, number -> number + 1)
                    .mapToObj(named)
                    .filter(each -> node(key.apply(each)) == wanted)
                    .findFirst()
                    .orElseThrow());
        }
        return found;
    }

    private static int node(String key) {
        return SlotHash.getSlot(key) * 3 / SlotHash.SLOT_COUNT;
    }

    private static String asUser(String url) {
        return url.replace("//:embedded@", "//tokenizer:embedded@");
    }

    private static void admitted(String session, RecordId record) {
        EachPod.admits(List.of(pod, another), session, record);
    }

    private static void refused(String session, RecordId record) {
        EachPod.refuses(List.of(pod, another), session, record);
    }

    private static void failed(Runnable attempt, ErrorCode code) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        CallFailed.class, failed -> assertThat(failed.failure()).isEqualTo(code));
    }
}
