package dev.lunasec.operator.dependent.redis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.api.v1alpha1.GrantsSpec.ManagedRedis;
import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much the managed Redis may take, and what a crash of it loses. */
@Tag("pure")
class RedisStatefulSetTest {
    private static final String DEFAULT = "{}";

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, "{memory: 128Mi, storage: 1Gi}", "{memory: 64Gi, storage: 1Ti}"})
    void aFullRedisNeverReachesTheMemoryLimitOfItsContainerAlsoWhileItRewritesItsLog(String managed) {
        long maxmemory = maxmemory(managed);
        // The data, the pages that a rewrite copies, and as much again for fragmentation and buffers.
        assertThat(memory(container(managed).getResources().getLimits())).isGreaterThan(3 * maxmemory);
        assertThat(after("--maxmemory-policy", managed)).isEqualTo("noeviction");
    }

    @ParameterizedTest
    @ValueSource(strings = {DEFAULT, "{memory: 64Gi, storage: 1Ti}"})
    void aNodeHasRoomForAFullRedis(String managed) {
        long maxmemory = maxmemory(managed);
        assertThat(memory(container(managed).getResources().getRequests())).isBetween(maxmemory + 1, 2 * maxmemory);
    }

    @Test
    void theLogOfAFullRedisFitsIntoTheDefaultVolume() {
        assertThat(bytes(ManagedRedis.DEFAULT.storage().toString())).isGreaterThan(4 * maxmemory(DEFAULT));
    }

    /** These pairs are the most memory that the API server admits for the storage. */
    @ParameterizedTest
    @CsvSource({"640Mi, 512Mi", "1Gi, 800Mi", "1323Mi, 1024Mi", "2Gi, 1568Mi", "87339Mi, 64Gi"})
    void theLogOfAFullRedisFitsIntoTheVolume(String storage, String memory) {
        String managed = "{memory: %s, storage: %s}".formatted(memory, storage);
        assertThat(bytes(storage)).isGreaterThanOrEqualTo(4 * maxmemory(managed));
    }

    @ParameterizedTest
    @CsvSource({
        "128Mi, 32mb, 128Mi",
        "512Mi, 160mb, 512Mi",
        "1Gi, 330mb, 1024Mi",
        "1.5Gi, 501mb, 1536Mi",
        "2000000000, 625mb, 1907Mi",
        "64Gi, 21834mb, 65536Mi"
    })
    void theMemoryOfTheContainerDecidesHowMuchDataRedisTakes(String memory, String maxmemory, String limit) {
        String managed = "{memory: %s, storage: 1Ti}".formatted(memory);
        assertThat(after("--maxmemory", managed)).isEqualTo(maxmemory);
        assertThat(container(managed).getResources().getLimits()).containsEntry("memory", new Quantity(limit));
    }

    @Test
    void aPodThatDoesNotBecomeReadyIsReplacedWhenTheCauseIsCorrected() {
        assertThat(spec(DEFAULT).getPodManagementPolicy()).isEqualTo("Parallel");
    }

    @Test
    void aCrashLosesNoAnsweredWrite() {
        assertThat(after("--appendonly", DEFAULT)).isEqualTo("yes");
        assertThat(after("--appendfsync", DEFAULT)).isEqualTo("always");
    }

    @Test
    void redisMakesNoSnapshotsBesideItsLog() {
        assertThat(after("--save", DEFAULT)).isEmpty();
    }

    /** In bytes. */
    private static long maxmemory(String managed) {
        return bytes(after("--maxmemory", managed).replace("mb", "Mi"));
    }

    private static String after(String option, String managed) {
        List<String> arguments = container(managed).getArgs();
        assertThat(arguments).contains(option);
        return arguments.get(arguments.indexOf(option) + 1);
    }

    private static long memory(Map<String, Quantity> resources) {
        return bytes(requireNonNull(resources.get("memory")).toString());
    }

    private static long bytes(String quantity) {
        return new Quantity(quantity).getNumericalAmount().longValueExact();
    }

    private static Container container(String managed) {
        return spec(managed).getTemplate().getSpec().getContainers().get(0);
    }

    /** @param managed the spec of the managed Redis; an empty one stands for an absent one */
    private static StatefulSetSpec spec(String managed) {
        Tokenizer tokenizer = new KubernetesSerialization()
                .unmarshal(
                        """
                        apiVersion: lunasec.dev/v1alpha1
                        kind: Tokenizer
                        metadata: {name: vault, namespace: payments}
                        spec: {grants: {redis: %s}}
                        """.formatted(managed.equals(DEFAULT) ? "{}" : "{managed: " + managed + "}"), Tokenizer.class);
        return RedisStatefulSet.desired(tokenizer, "1", "redis:test").getSpec();
    }
}
