package dev.lunasec.operator.misbehaving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.World;
import dev.lunasec.operator.controller.PassLimits;
import dev.lunasec.operator.report.StatusBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A namespace of the real API server, and an operator that reaches it through a front that misbehaves. */
final class OperatorBehindFront implements AutoCloseable {
    /** Nothing disturbs this vault. */
    static final String UNDISTURBED = "v00";

    /**
     * How many times the requests of an undisturbed vault are allowed. A pass that fails writes a status and an Event,
     * and the next pass does so again; a loop would write far more.
     */
    static final int MORE = 2;

    final World world = World.withoutOperator();
    final ApiServerFront front = new ApiServerFront();

    OperatorBehindFront() throws Exception {}

    /** Starts the operator with the client that it has in production, which repeats requests by itself. */
    void start() {
        world.startOperator(front.config(world.user), PassLimits.DEFAULT.interval());
    }

    /** Starts the operator with a client that repeats no request, so that each failure reaches the reconciler. */
    void startWithoutRepeats() {
        // A busy API server answers its first lists with 429 while it fills its cache. This client repeats them, the
        // other one would not.
        world.client
                .resources(Tokenizer.class)
                .inNamespace(world.namespace)
                .list(new ListOptionsBuilder().withResourceVersion("0").build());
        Config config = front.config(world.user);
        config.setRequestRetryBackoffLimit(0);
        world.startOperator(config, PassLimits.DEFAULT.interval());
    }

    /** Starts the operator with another longest time between two passes over a vault. */
    void startWithInterval(Duration interval) {
        world.startOperator(front.config(world.user), interval);
    }

    /** Applies a vault of this name. */
    void apply(String vault, int replicas) {
        String yaml = """
                apiVersion: lunasec.dev/v1alpha1
                kind: Tokenizer
                metadata: {name: %s, namespace: %s}
                spec:
                  replicas: %d
                  storage:
                    bucket: %s-%s
                    endpoint: "%s"
                    pathStyleAccess: true
                    credentials: {secretName: s3-credentials}
                """.formatted(vault, world.namespace, replicas, world.bucket(), vault, world.store.endpoint());
        world.client
                .resource(world.client.getKubernetesSerialization().unmarshal(yaml, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    /** Waits until all of these are ready, with what was applied last. */
    void awaitReady(List<String> vaults) {
        await().pollInterval(Duration.ofMillis(200)).atMost(deadline(vaults)).untilAsserted(() -> {
            for (Tokenizer vault : world.client
                    .resources(Tokenizer.class)
                    .inNamespace(world.namespace)
                    .list()
                    .getItems()) {
                if (!vaults.contains(vault.getMetadata().getName())) continue;
                assertThat(StatusBuilder.conditions(vault))
                        .as("%s", vault.getStatus())
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True")
                                && condition
                                        .getObservedGeneration()
                                        .equals(vault.getMetadata().getGeneration()));
            }
        });
    }

    /** For each vault the operator checks, creates and binds a bucket, which takes seconds on a busy machine. */
    private static Duration deadline(List<String> vaults) {
        return Duration.ofSeconds(60 + 5L * vaults.size());
    }

    /** Waits until these vaults have the same objects as another vault. */
    void awaitSameObjects(List<String> vaults, String undisturbed) {
        List<String> all =
                Stream.concat(Stream.of(undisturbed), vaults.stream()).toList();
        await().pollInterval(Duration.ofMillis(200)).atMost(deadline(vaults)).untilAsserted(() -> {
            Map<String, Map<String, String>> objects = VaultObjects.of(all, world.namespace, world.client);
            assertThat(objects.get(undisturbed))
                    .as("objects of %s", undisturbed)
                    .hasSizeGreaterThan(9);
            for (String vault : vaults) {
                assertThat(objects.get(vault)).as("objects of %s", vault).isEqualTo(objects.get(undisturbed));
            }
        });
    }

    /** Causes two more passes over each vault, and checks that the second writes nothing. */
    void assertThatAnotherPassWritesNothing(int vaults) {
        awaitPasses(vaults, "one");
        List<String> before = writes();
        awaitPasses(vaults, "two");
        assertThat(writes()).as("writes of the operator").isEqualTo(before);
    }

    /** Changes a Secret that all vaults name, and waits until a pass of each has ended. */
    private void awaitPasses(int vaults, String note) {
        long passes = world.passes();
        world.awaitPassAfter(() -> world.secret(
                "s3-credentials", "accessKeyId", World.ACCESS, "secretAccessKey", World.SECRET, "note", note));
        await().until(() -> world.passes() >= passes + vaults);
    }

    private List<String> writes() {
        return front.requests().stream()
                .filter(Request::isWrite)
                .map(request -> request.method() + " " + request.target())
                .toList();
    }

    /** The writes of the operator to one vault so far, as {@link Request#write} names them. */
    List<String> writes(String vault) {
        return front.requests().stream()
                .filter(Request::isWrite)
                .filter(request -> request.name().startsWith(vault))
                .map(request -> request.write(vault))
                .toList();
    }

    /** How many requests of any kind there were for one vault. */
    int requests(String vault) {
        return (int) front.requests().stream()
                .filter(request ->
                        request.target().contains(vault) || request.name().startsWith(vault))
                .count();
    }

    @Override
    public void close() throws Exception {
        world.stopOperator();
        front.close();
        world.close();
    }
}
