package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.TokenizerClient;
import dev.lunasec.contract.TokenizerEnvironment;
import dev.lunasec.local.Attacker.Shape;
import dev.lunasec.testbed.JwtIssuer;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two pods of the local system are attacked, while eight other users ask 50 times a second. None of these requests
 * fails or takes more than a second. {@code ATTACK_SECONDS} sets how long each attack lasts.
 *
 * <p>Attacks of less than a minute are for runs beside other tests on the same processors, which may stand still for
 * longer than a pod waits for Redis. Then a single answer may take 20 seconds, and a user sends a request once more if
 * its answer is 503. {@code ATTACK_SLOWEST_MILLIS} sets another time. Half of the answers always take at most a second.
 */
@Tag("full")
@Timeout(600)
class AttacksTest {
    private static final long SECONDS = variable("ATTACK_SECONDS", 6);
    private static final boolean SHORT = SECONDS < 60;
    private static final long SLOWEST_MILLIS = variable("ATTACK_SLOWEST_MILLIS", SHORT ? 20_000 : 1_000);
    private static final String ALSO = SHORT ? "|503 grantsUnavailable" : "";

    /** Longer than a pod waits for the store. */
    private static final Duration HANG = Duration.ofSeconds(Math.max(SECONDS, 20));

    /** The share of the limit that a pod may take, in percent. */
    private static final int MEMORY = 85;

    @TempDir
    static Path folder;

    private static final LocalSystem system = SharedSystem.get();
    private static final JwtIssuer hanging = new JwtIssuer();
    private static AttackedVault vault;
    private static TokenizerClient application;
    private static AttackRequests requests;
    private static List<Pod> pods;
    private static AttackerProcess attacker;

    @BeforeAll
    static void start() throws Exception {
        vault = new AttackedVault(system);
        pods = vault.pods();
        attacker = new AttackerProcess(pods, folder, Duration.ofSeconds(SECONDS));
        application = vault.client("application", "");
        try (TokenizerClient session = vault.client("user", AttackRequests.ATTACKER)) {
            requests = new AttackRequests(
                    system.application(), hanging, application.tokenize(value()), session.tokenize(value()));
        }
        // The code is slow until Java has compiled it.
        try (WellBehavedCaller caller = caller("warm-up")) {
            caller.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> caller.requests() > 500);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        application.close();
        vault.close();
        hanging.close();
    }

    @ParameterizedTest
    @EnumSource
    void otherUsersDoNotNotice(Attack attack) throws Exception {
        List<PodMemory> memory = Stream.concat(pods.stream(), Stream.of(vault.redis()))
                .map(PodMemory::new)
                .toList();
        WellBehavedCaller caller = caller("well-behaved-" + attack);
        String outcomes;
        try (caller) {
            caller.start();
            outcomes = attacker.run(attack.shape, attack.connections, port(attack), attack.requests(requests), memory);
        }
        System.out.printf(
                "%s for %d s: %d requests of other users, %d failed, p99 %d ms, slowest %d ms; memory of the pods and"
                        + " of Redis at most %s MiB, Redis used %.3f of maxmemory; the attacker saw: %s%n",
                attack,
                SECONDS,
                caller.requests(),
                caller.failures().size(),
                caller.millis(0.99),
                caller.millis(1),
                memory.stream().map(each -> each.most() >> 20).toList(),
                vault.redisMemoryRatio(),
                outcomes.replace("\n", ", "));
        assertThat(caller.failures()).isEmpty();
        assertThat(caller.requests()).isGreaterThanOrEqualTo((int) SECONDS * 50);
        assertThat(caller.millis(0.5)).as("the median in ms").isLessThanOrEqualTo(1_000);
        assertThat(caller.millis(1)).as("the slowest answer in ms").isLessThanOrEqualTo(SLOWEST_MILLIS);
        assertThat(memory)
                .allSatisfy(each -> assertThat(each.most())
                        .as("bytes of memory")
                        .isPositive()
                        .isLessThanOrEqualTo(each.limit() * MEMORY / 100));
        assertThat(vault.redisMemoryRatio()).isLessThanOrEqualTo(1);
        assertThat(outcomes.lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("\\d+ (connected|" + attack.outcomes + ALSO + ")"));
        everythingWorks();
    }

    @Test
    void aStoreThatHangsGetsNamedAnswersAndIsUsedAgain() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        List<PodMemory> memory = pods.stream().map(PodMemory::new).toList();
        system.store().onWrite(write -> awaitQuietly(over));
        String outcomes;
        try {
            outcomes = new AttackerProcess(pods, folder, HANG)
                    .run(
                            Shape.REQUESTS,
                            200,
                            TokenizerEnvironment.DEFAULT_PORT,
                            requests.tokensOfOneApplication(),
                            memory);
        } finally {
            over.countDown();
            system.store().onWrite(write -> {});
        }
        System.out.printf("a store that hangs for %d s: the attacker saw: %s%n", HANG.toSeconds(), outcomes);
        assertThat(outcomes.lines())
                .isNotEmpty()
                .allMatch(line ->
                        line.matches("\\d+ (connected|429 tooManyRequests|503 storageUnavailable" + ALSO + ")"));
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            everythingWorks();
            return true;
        });
    }

    /** No pod was restarted, and a value can be stored, read and erased. */
    private static void everythingWorks() {
        assertThat(vault.pods()).extracting(pod -> pod.getMetadata().getName()).isEqualTo(names());
        assertThat(vault.pods())
                .extracting(
                        pod -> pod.getStatus().getContainerStatuses().getFirst().getRestartCount())
                .containsOnly(0);
        try (TokenizerClient user = vault.client("user", "afterwards")) {
            String token = user.tokenize(value());
            assertThat(user.detokenize(token)).isEqualTo(value());
            application.erase(token);
        }
    }

    private static int port(Attack attack) {
        return attack == Attack.HALF_OPEN_PROBES
                ? TokenizerEnvironment.DEFAULT_MANAGEMENT_PORT
                : TokenizerEnvironment.DEFAULT_PORT;
    }

    private static WellBehavedCaller caller(String session) throws Exception {
        return new WellBehavedCaller(
                pods.stream().map(AttackedVault::url).toList(),
                user -> system.application().jwt("user", session + user),
                SHORT);
    }

    private static List<String> names() {
        return pods.stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] value() {
        return "ten bytes.".getBytes(StandardCharsets.UTF_8);
    }

    private static long variable(String name, long otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : Long.parseLong(value);
    }
}
