package dev.lunasec.tokenizer;

import static dev.lunasec.tokenizer.testing.TwoProcesses.SESSION;
import static dev.lunasec.tokenizer.testing.TwoProcesses.confirmed;
import static dev.lunasec.tokenizer.testing.TwoProcesses.done;
import static dev.lunasec.tokenizer.testing.TwoProcesses.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.testbed.EmbeddedRedis;
import dev.lunasec.testbed.TcpRelay;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import dev.lunasec.tokenizer.testing.TestVault;
import dev.lunasec.tokenizer.testing.TwoProcesses;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two tokenizer processes share a Redis. What one of them has answered holds at the other one too, and what Redis loses
 * refuses at both.
 */
@Tag("full")
class TwoProcessesTest {
    private static final byte[] SECRET = "4111 1111 1111 1111".getBytes(StandardCharsets.UTF_8);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    @AutoClose
    private static TestVault vault;

    @AutoClose
    private static TwoProcesses processes;

    private static Api one;
    private static Api two;
    private static String user;
    private static String application;

    @BeforeAll
    static void start() {
        vault = new TestVault(folder);
        processes = new TwoProcesses(vault);
        one = processes.one;
        two = processes.two;
        user = processes.user;
        application = processes.application;
    }

    /** A test may leave connections behind that Redis has ended. */
    @BeforeEach
    void bothServe() {
        processes.bothServe();
    }

    @AfterEach
    void restore() {
        ask(redis -> redis.configSet("maxmemory", "0"));
    }

    @Test
    void aRevocationInOneProcessRefusesTheNextRequestInTheOther() {
        processes.eachRevocationInOneRefusesInTheOther(call -> done(call.get()));
    }

    @Test
    void eachKeyThatIsLostAloneRefusesAndSoDoTheyAll() {
        String token = one.store(user, SECRET);
        ask(RedisCommands::flushall);
        processes.refused(two, token);
        done(one.post("/grant/set", application, pair(token)));
        List<String> keys = ask(redis -> redis.keys("*")).stream()
                .filter(key -> key.matches("(grant|epoch|session):.*"))
                .toList();
        assertThat(keys).hasSize(3);
        for (String key : keys) {
            done(two.post("/grant/set", application, pair(token)));
            done(two.post("/detokenize", user, Api.of(token)));
            long deleted = ask(redis -> redis.del(key));
            assertThat(deleted).isEqualTo(1);
            processes.refused(one, token);
            processes.refused(two, token);
        }
    }

    @Test
    void aFullRedisRevokesAndErases() {
        String token = one.store(user, SECRET);
        String other = one.store(user, SECRET);
        ask(redis -> redis.configSet("maxmemory", "1"));
        Answer grant = one.post("/grant/set", application, pair(token));
        assertThat(grant.error()).isEqualTo("grantsFull");
        done(two.post("/detokenize", user, Api.of(token)));
        done(one.post("/grant/revoke", application, pair(token)));
        processes.refused(two, token);
        done(two.post("/detokenize", user, Api.of(other)));
        done(one.post("/token/erase", application, Api.of(other)));
        erased(two, other);
    }

    @Test
    void withoutTheConfirmationOfTheReplicaNeitherProcessAnswersWith200() {
        String token = one.store(user, SECRET);
        try (EmbeddedRedis replica = new EmbeddedRedis();
                TcpRelay between = TcpRelay.to(vault.redis.port())) {
            replicate(replica, between.port(), vault.redis);
            between.freeze();
            for (Api process : List.of(one, two)) {
                for (String body : List.of(Api.of(token), SESSION, pair(token))) {
                    Answer answer = process.post("/grant/revoke", application, body);
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(answer.error()).isEqualTo("replicationUnconfirmed");
                }
                Answer answer = process.post("/token/erase", application, Api.of(token));
                assertThat(answer.error()).isEqualTo("replicationUnconfirmed");
            }
        }
        await().atMost(SOON).until(() -> vault.redis.info("replication").contains("connected_slaves:0"));
    }

    /** The primary gets no time to send its replica anything after the answers. */
    @Test
    void whatOneProcessAnsweredHoldsWhenThePrimaryIsKilledRightAfterwards() {
        String byToken = one.store(user, SECRET);
        String byPair = one.store(user, SECRET);
        String gone = one.store(user, SECRET);
        String kept = one.store(user, SECRET);
        try (EmbeddedRedis replica = new EmbeddedRedis()) {
            replicate(replica, vault.redis.port(), vault.redis);
            confirmed(() -> one.post("/grant/revoke", application, Api.of(byToken)));
            confirmed(() -> two.post("/grant/revoke", application, pair(byPair)));
            confirmed(() -> one.post("/token/erase", application, Api.of(gone)));
            kill(vault.redis);
            replica.promote();
            // The same address leads to what the replica has, as after a failover.
            vault.redis.stop();
            vault.redis.restart();
            replicate(vault.redis, replica.port(), replica);
            vault.redis.promote();
        }
        for (Api process : List.of(one, two)) {
            await().atMost(SOON)
                    .until(() -> process.post("/detokenize", user, Api.of(kept)).status() == 200);
            processes.refused(process, byToken);
            processes.refused(process, byPair);
            erased(process, gone);
        }
    }

    private static void kill(EmbeddedRedis redis) {
        String pid = redis.info("server")
                .lines()
                .filter(line -> line.startsWith("process_id:"))
                .findFirst()
                .orElseThrow()
                .substring("process_id:".length())
                .strip();
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static void replicate(EmbeddedRedis replica, int port, EmbeddedRedis primary) {
        replica.replicate(port);
        await().atMost(SOON).until(() -> replica.info("replication").contains("master_link_status:up"));
        await().atMost(SOON).until(() -> primary.info("replication").contains("state=online"));
    }

    private static <T> T ask(Function<RedisCommands<String, String>, T> question) {
        try (RedisClient client = RedisClient.create(vault.redis.url())) {
            return question.apply(client.connect().sync());
        }
    }

    private static void erased(Api process, String token) {
        assertThat(process.post("/detokenize", user, Api.of(token)).error()).isEqualTo("unknownToken");
    }
}
