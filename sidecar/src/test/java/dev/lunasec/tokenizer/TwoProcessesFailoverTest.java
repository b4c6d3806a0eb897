package dev.lunasec.tokenizer;

import static dev.lunasec.tokenizer.testing.TwoProcesses.confirmed;
import static dev.lunasec.tokenizer.testing.TwoProcesses.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.RedisAccess;
import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.EmbeddedRedisCluster;
import dev.lunasec.testbed.EmbeddedSentinel;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.TwoProcesses;
import io.lettuce.core.RedisClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two tokenizer processes on a Redis Cluster, and on a Redis with a Sentinel. What one of them has revoked the other
 * one refuses, also if the primary crashes right after the answer and its replica becomes the primary by itself.
 */
@Tag("full")
class TwoProcessesFailoverTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void onAClusterOfThreePrimariesARevocationHoldsInBothProcessesAlsoWhenItsNodeCrashes() {
        try (EmbeddedRedisCluster redis = EmbeddedRedisCluster.withReplicas(Duration.ofSeconds(2))) {
            await().atMost(SOON).until(redis::serves);
            for (EmbeddedRedis primary : redis.primaries()) awaitReplica(primary);
            try (TestVault vault = TestVault.in(folder).redis(redis.url(), null).start();
                    TwoProcesses processes = new TwoProcesses(vault)) {
                processes.bothServe();
                EmbeddedRedis ofSession = redis.primaries().stream()
                        .filter(primary -> keys(primary, "session:*") == 1)
                        .findFirst()
                        .orElseThrow();
                processes.eachRevocationInOneRefusesInTheOther(TwoProcesses::confirmed);
                for (EmbeddedRedis primary : redis.primaries()) {
                    String token = storedOn(primary, processes.one, processes.user);
                    confirmed(() -> processes.two.post("/grant/revoke", processes.application, Api.of(token)));
                    processes.refused(processes.one, token);
                }
                revocationsHoldWhenItCrashes(vault, processes, ofSession, redis.replicaOf(ofSession));
                ofSession.restart();
            }
        }
    }

    @Test
    void afterAFailoverOfSentinelARevocationHoldsInBothProcesses() {
        try (EmbeddedRedis primary = new EmbeddedRedis();
                EmbeddedRedis replica = new EmbeddedRedis()) {
            replica.replicate(primary.port());
            awaitReplica(primary);
            try (EmbeddedSentinel sentinel = new EmbeddedSentinel(primary.port(), RedisAccess.SENTINEL);
                    TestVault vault =
                            TestVault.in(folder).redis(sentinel.url(), null).start();
                    TwoProcesses processes = new TwoProcesses(vault)) {
                processes.bothServe();
                processes.eachRevocationInOneRefusesInTheOther(TwoProcesses::confirmed);
                revocationsHoldWhenItCrashes(vault, processes, primary, replica);
                primary.restart();
            }
        }
    }

    /** @param primary has the session of the user */
    private static void revocationsHoldWhenItCrashes(
            TestVault vault, TwoProcesses processes, EmbeddedRedis primary, EmbeddedRedis replica) {
        Api one = processes.one;
        Api two = processes.two;
        String user = processes.user;
        String application = processes.application;
        String byToken = storedOn(primary, one, user);
        String byPair = storedOn(primary, two, user);
        String kept = storedOn(primary, one, user);
        Other other = Other.on(primary, vault, one);
        // The last one is confirmed, so the replica has all of it when the primary crashes.
        confirmed(() -> one.post("/grant/revoke", application, Api.of(byToken)));
        confirmed(() -> one.post("/grant/revoke", application, "{\"sessionId\":\"" + other.session + "\"}"));
        confirmed(() -> one.post("/grant/revoke", application, pair(byPair)));
        primary.kill();
        await().atMost(SOON).until(replica::isPrimary);
        for (Api process : List.of(two, one)) {
            await().atMost(SOON)
                    .until(() -> process.post("/detokenize", user, Api.of(kept)).status() == 200);
            processes.refused(process, byToken);
            processes.refused(process, byPair);
            assertThat(process.post("/detokenize", other.jwt, Api.of(other.token))
                            .error())
                    .isEqualTo("noGrant");
        }
        confirmed(() -> two.post("/grant/revoke", application, Api.of(kept)));
        processes.refused(one, kept);
    }

    /** Another user, whose session is on a node, and a token of this user. */
    private record Other(String session, String jwt, String token) {
        static Other on(EmbeddedRedis node, TestVault vault, Api process) {
            int before = keys(node, "session:*");
            for (int number = 2; ; number++) {
                String session = "session-" + number;
                String jwt = vault.issuer.jwt("user", session);
                String token = process.store(jwt, SECRET);
                if (keys(node, "session:*") > before) return new Other(session, jwt, token);
            }
        }
    }

    /** Stores values until the record of one is on a node, and answers the token of that one. */
    private static String storedOn(EmbeddedRedis node, Api process, String user) {
        int before = keys(node, "epoch:*");
        while (true) {
            String token = process.store(user, SECRET);
            if (keys(node, "epoch:*") > before) return token;
        }
    }

    private static int keys(EmbeddedRedis node, String pattern) {
        try (RedisClient client = RedisClient.create(node.url())) {
            return client.connect().sync().keys(pattern).size();
        }
    }

    private static void awaitReplica(EmbeddedRedis primary) {
        await().atMost(SOON).until(() -> primary.info("replication").contains("state=online"));
    }
}
