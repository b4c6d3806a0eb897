package dev.lunasec.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A pod that asks one tokenizer pod on many connections as fast as it can. */
record LoadPod(Cluster cluster) {
    private static final String NAME = "load";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How long it asks; at most ten minutes, because a grant lasts fifteen. */
    private static final Duration LOAD =
            Duration.ofSeconds(Long.parseLong(Cluster.setting("CLUSTER_LOAD_SECONDS", "20")));

    /**
     * What came of it.
     *
     * @param busy how many calls were answered with 429 or 503
     * @param failed how many calls were answered with anything else but 200, or not at all
     * @param limit the memory limit of the tokenizer's container, in bytes
     * @param most the largest working set of the container that its kubelet reported, in bytes
     */
    record Result(long served, long busy, long failed, long limit, long most) {}

    Result ask(Pod tokenizer, int connections) throws IOException {
        Pod pod = cluster.app(
                NAME,
                AppPod.USUAL,
                "load",
                tokenizer.getStatus().getPodIP(),
                Integer.toString(connections),
                Long.toString(LOAD.toSeconds()));
        var running = cluster.client.resource(pod);
        AtomicLong most = new AtomicLong();
        await().atMost(LOAD.plus(Cluster.MINUTES))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    most.accumulateAndGet(workingSet(tokenizer), Math::max);
                    String phase = String.valueOf(running.get().getStatus().getPhase());
                    return List.of("Succeeded", "Failed").contains(phase);
                });
        most.accumulateAndGet(workingSet(tokenizer), Math::max);
        String log =
                cluster.client.pods().inNamespace(Cluster.APP).withName(NAME).getLog();
        assertThat(running.get().getStatus().getPhase()).as(log).isEqualTo("Succeeded");
        JsonNode counts = JSON.readTree(log.lines().toList().getLast());
        running.withGracePeriod(0).delete();
        return new Result(
                counts.get("served").asLong(),
                counts.get("busy").asLong(),
                counts.get("failed").asLong(),
                limit(tokenizer),
                most.get());
    }

    private static long limit(Pod tokenizer) {
        Quantity limit = tokenizer
                .getSpec()
                .getContainers()
                .getFirst()
                .getResources()
                .getLimits()
                .get("memory");
        return Quantity.getAmountInBytes(limit).longValueExact();
    }

    /** All memory but files that no process used lately; 0 while the container does not run. */
    private long workingSet(Pod tokenizer) throws IOException {
        String summary = cluster.client.raw(
                "/api/v1/nodes/" + tokenizer.getSpec().getNodeName() + "/proxy/stats/summary?only_cpu_and_memory=true");
        for (JsonNode pod : JSON.readTree(summary).path("pods")) {
            if (!pod.at("/podRef/uid").asText().equals(tokenizer.getMetadata().getUid())) continue;
            return pod.at("/containers/0/memory/workingSetBytes").asLong();
        }
        return 0;
    }
}
