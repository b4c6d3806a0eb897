package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.TokenizerClient;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens to the grants when the managed Redis gets another memory or cannot start with it. */
@Tag("system")
@Tag("redis")
class ManagedRedisTest {
    private static final String NAMESPACE = "redis-memory";
    private static final byte[] VALUE = "a value".getBytes(StandardCharsets.UTF_8);
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final LocalSystem system = SharedSystem.get();
    private static RotatingVault vault;
    private static TokenizerClient client;

    @BeforeAll
    static void start() throws Exception {
        vault = new RotatingVault(system, NAMESPACE, 1);
        client = vault.client("user", "session");
    }

    @AfterAll
    static void stop() {
        client.close();
        SharedSystem.delete(NAMESPACE);
    }

    @Test
    void theGrantsOutliveAMemoryWithWhichRedisDoesNotStartAndTheNextOne() {
        String token = client.tokenize(VALUE);
        vault.pause(true);
        replaceMaxmemory("none");
        await().atMost(SOON).until(() -> arguments().contains("none") && hasFailed());
        vault.redisMemory("800Mi");
        vault.pause(false);
        await().atMost(SOON).until(() -> arguments().contains("256mb"));
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(client.detokenize(token)).isEqualTo(VALUE));
    }

    /** Stands for a memory that is too small for the log, because the node here limits no memory. */
    private static void replaceMaxmemory(String value) {
        system.client()
                .apps()
                .statefulSets()
                .inNamespace(NAMESPACE)
                .withName("vault-redis")
                .edit(redis -> redis.edit()
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .withArgs(redis.getSpec().getTemplate().getSpec().getContainers().get(0).getArgs().stream()
                                .map(argument -> argument.equals("160mb") ? value : argument)
                                .toList())
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
    }

    private static List<String> arguments() {
        Pod redis = redis();
        return redis == null
                ? List.of()
                : redis.getSpec().getContainers().get(0).getArgs();
    }

    private static boolean hasFailed() {
        return redis().getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getRestartCount)
                .anyMatch(restarts -> restarts > 0);
    }

    private static Pod redis() {
        return system.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withName("vault-redis-0")
                .get();
    }
}
