package dev.lunasec.operator.dependent.redis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.GrantsSpec.ManagedRedis;
import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much the managed Redis may take, and what a crash of it loses. */
@Tag("pure")
class RedisStatefulSetTest {
    @Test
    void aFullRedisNeverReachesTheMemoryLimitOfItsContainerAlsoWhileItRewritesItsLog() {
        long maxmemory = bytes(after("--maxmemory").replace("mb", "Mi"));
        long limit = requireNonNull(container().getResources().getLimits().get("memory"))
                .getNumericalAmount()
                .longValueExact();
        // The data, the pages that a rewrite copies, and as much again for fragmentation and buffers.
        assertThat(limit).isGreaterThan(3 * maxmemory);
        assertThat(after("--maxmemory-policy")).isEqualTo("noeviction");
    }

    @Test
    void theLogOfAFullRedisFitsIntoTheDefaultVolume() {
        assertThat(bytes(ManagedRedis.STORAGE))
                .isGreaterThan(4 * bytes(after("--maxmemory").replace("mb", "Mi")));
    }

    @Test
    void aCrashLosesNoAnsweredWrite() {
        assertThat(after("--appendonly")).isEqualTo("yes");
        assertThat(after("--appendfsync")).isEqualTo("always");
    }

    @Test
    void redisMakesNoSnapshotsBesideItsLog() {
        assertThat(after("--save")).isEmpty();
    }

    private static String after(String option) {
        List<String> arguments = container().getArgs();
        assertThat(arguments).contains(option);
        return arguments.get(arguments.indexOf(option) + 1);
    }

    private static long bytes(String quantity) {
        return new Quantity(quantity).getNumericalAmount().longValueExact();
    }

    private static Container container() {
        Tokenizer tokenizer = new KubernetesSerialization().unmarshal("""
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec: {grants: {redis: {}}}
                        """, Tokenizer.class);
        return RedisStatefulSet.desired(tokenizer, "1", "redis:test")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
    }
}
