package dev.lunasec.operator.overlapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.World;
import dev.lunasec.operator.controller.OperatorRuntime;
import dev.lunasec.operator.report.StatusBuilder;
import dev.lunasec.s3.S3Connection;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Two operators that both take themselves for the leader. The first one is stopped before a chosen write to each vault,
 * the second one works until nothing changes, and then the first one goes on with what it had decided.
 */
final class OverlappingOperators implements AutoCloseable {
    /**
     * How many vaults there are at the same time. More would take no less time in all: a vault has a pass each second,
     * so more vaults take all processors. And if more than nine are stopped at an object, the first operator has no
     * thread left that applies objects.
     */
    static final int VAULTS = 6;

    /** The record of each vault, which the test moves as a worker would. */
    static final String RECORD = "0123456789abcdef0123456789abcdef";

    private static final String ROTATED = "  keys: {rotation: 2, gracePeriod: 2h}\n";
    private static final Duration SOON = Duration.ofMinutes(3);

    private final World world = World.withoutOperator();
    private final KeyringHistory history = new KeyringHistory(world);
    private final S3Connection store = world.connection();
    private final StoppedWrites writes = new StoppedWrites();
    private final OperatorRuntime first = world.operator(writes);
    private @Nullable OperatorRuntime second;
    private int touched;

    OverlappingOperators() throws Exception {
        world.store.fault = (method, path, query, exchange) -> {
            writes.beforeRequestToStore(method, path);
            return null;
        };
        first.start();
    }

    /** The names of so many vaults. */
    static List<String> vaults(int count) {
        return IntStream.range(0, count).mapToObj("v%02d"::formatted).toList();
    }

    /**
     * The first operator creates one vault for each of these numbers, and is stopped before the write with that number.
     * The second one binds them, and the first one goes on.
     *
     * @return the write before which it was stopped, by number; a number without one is higher than that of the last
     *     write
     */
    Map<Integer, String> bind(List<Integer> numbers) {
        Map<String, Integer> plan = plan(numbers);
        plan.forEach(writes::stopAt);
        plan.keySet().forEach(vault -> world.applyAnother(vault, world.store.endpoint()));
        return overlap(plan, "");
    }

    /** The same with a rotation of vaults that the first operator has created undisturbed. */
    Map<Integer, String> rotate(List<Integer> numbers) {
        Map<String, Integer> plan = plan(numbers);
        plan.keySet().forEach(vault -> world.applyAnother(vault, world.store.endpoint()));
        awaitReady(plan.keySet(), "", "that one operator created");
        plan.keySet().forEach(vault -> put(vault, "records/1/" + RECORD));
        plan.forEach(writes::stopAt);
        plan.keySet().forEach(vault -> world.applyAnother(vault, world.store.endpoint(), ROTATED));
        return overlap(plan, ROTATED);
    }

    private static Map<String, Integer> plan(List<Integer> numbers) {
        Map<String, Integer> plan = new HashMap<>();
        List<String> vaults = vaults(numbers.size());
        for (int i = 0; i < numbers.size(); i++) plan.put(vaults.get(i), numbers.get(i));
        return plan;
    }

    private Map<Integer, String> overlap(Map<String, Integer> plan, String spec) {
        awaitReadyOr(vault -> writes.stopped().containsKey(vault), plan.keySet(), spec, "before the second operator");
        writes.stopCounting();
        second = world.operator(null, () -> {});
        second.start();
        awaitReady(plan.keySet(), spec, "of the second operator");
        pass();
        writes.release();
        pass();
        first.close();
        pass();
        awaitReady(plan.keySet(), spec, "after the stale writes");
        Map<Integer, String> stopped = new HashMap<>();
        plan.forEach((vault, n) -> {
            String words = writes.stopped().get(vault);
            if (words != null) stopped.put(n, words);
            assertWhole(vault, "stopped before " + words + ", the last of " + writes.of(vault), !spec.isEmpty());
        });
        return stopped;
    }

    private void awaitReady(Set<String> vaults, String spec, String which) {
        awaitReadyOr(vault -> false, vaults, spec, which);
    }

    /** Waits until each vault is stopped or {@link #isReady}; the failure has the status of those that are not. */
    private void awaitReadyOr(Predicate<String> stopped, Set<String> vaults, String spec, String which) {
        Predicate<String> isDone = vault -> stopped.test(vault) || isReady(vault, spec);
        try {
            await().atMost(SOON).until(() -> vaults.stream().allMatch(isDone));
        } catch (ConditionTimeoutException e) {
            String late = vaults.stream()
                    .filter(isDone.negate())
                    .sorted()
                    .map(this::description)
                    .collect(Collectors.joining("\n"));
            throw new AssertionError("vaults " + which + " that are not ready:\n" + late, e);
        }
    }

    private String description(String vault) {
        return "%s stopped before %s, writes %s, jobs %s, status %s"
                .formatted(
                        vault,
                        writes.stopped().get(vault),
                        writes.of(vault),
                        jobs(vault),
                        Serialization.asJson(tokenizer(vault).getStatus()));
    }

    private List<String> jobs(String vault) {
        return world.client.batch().v1().jobs().inNamespace(world.namespace).list().getItems().stream()
                .map(job -> job.getMetadata().getName() + " " + Serialization.asJson(job.getStatus()))
                .filter(job -> job.startsWith(vault))
                .toList();
    }

    private Tokenizer tokenizer(String vault) {
        return world.client
                .resources(Tokenizer.class)
                .inNamespace(world.namespace)
                .withName(vault)
                .get();
    }

    private void assertWhole(String vault, String when, boolean rotated) {
        history.assertConsistent(vault);
        List<String> objects = objects(vault);
        assertThat(objects)
                .as(when)
                .filteredOn(name -> name.startsWith("vault/"))
                .hasSize(1);
        Map<String, String> keyring = world.secret(vault + "-keyring").getData();
        assertThat(keyring).as(when).containsEntry("lookup", history.first(vault, "lookup"));
        if (!rotated) {
            assertThat(keyring).as(when).containsEntry("share-1", history.first(vault, "share-1"));
            return;
        }
        assertThat(keyring).as(when).containsEntry("share-2", history.first(vault, "share-2"));
        assertThat(world.secret(vault + "-keyring-retired").getData())
                .as("the copy of share 1 in its grace period, " + when)
                .containsEntry("share-1", history.first(vault, "share-1"));
        assertThat(objects)
                .as(when)
                .filteredOn(name -> name.endsWith("/" + RECORD))
                .containsExactly("records/2/" + RECORD);
    }

    /** Whether a vault is ready and has done what its resource asks for; does what its Jobs have to do. */
    private boolean isReady(String vault, String spec) {
        if (!spec.isEmpty()) work(vault);
        Tokenizer there = tokenizer(vault);
        return has(there, "Ready", "True") && (spec.isEmpty() || isRotated(there));
    }

    private static boolean isRotated(Tokenizer vault) {
        return has(vault, "Rotating", "False")
                && vault.getStatus().keys() != null
                && vault.getStatus().keys().primary() == 2
                && vault.getStatus().keys().shares().size() == 2;
    }

    private static boolean has(Tokenizer vault, String condition, String status) {
        return StatusBuilder.conditions(vault).stream()
                .anyMatch(there -> there.getType().equals(condition)
                        && there.getStatus().equals(status)
                        && there.getObservedGeneration()
                                .equals(vault.getMetadata().getGeneration()));
    }

    /** As the pods of its Jobs would. */
    private void work(String vault) {
        if (runs(vault + "-rewrap-1")) {
            put(vault, "records/2/" + RECORD);
            s3().deleteObject(delete -> delete.bucket(vault).key("records/1/" + RECORD));
            world.complete(vault + "-rewrap-1");
        }
        if (runs(vault + "-sweep-share-1")) world.complete(vault + "-sweep-share-1");
    }

    private boolean runs(String name) {
        Job job = world.job(name);
        return job != null && (job.getStatus() == null || job.getStatus().getCompletionTime() == null);
    }

    /** Waits until the second operator has made a pass over each vault that began now. */
    private void pass() {
        world.awaitPassAfter(() -> world.secret(
                "s3-credentials",
                "accessKeyId",
                World.ACCESS,
                "secretAccessKey",
                World.SECRET,
                "note",
                Integer.toString(++touched)));
    }

    private void put(String vault, String key) {
        s3().putObject(put -> put.bucket(vault).key(key), RequestBody.fromString("a record"));
    }

    private List<String> objects(String vault) {
        return s3().listObjectsV2(list -> list.bucket(vault)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private S3Client s3() {
        return store.s3();
    }

    @Override
    public void close() throws Exception {
        writes.release();
        first.close();
        if (second != null) second.close();
        history.close();
        store.close();
        world.close();
    }
}
