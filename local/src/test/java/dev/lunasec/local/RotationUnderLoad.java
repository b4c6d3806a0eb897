package dev.lunasec.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.client.TokenizerClient;
import dev.lunasec.client.TokenizerException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Rotations, one after the other, of a vault with many records that is in use. */
final class RotationUnderLoad implements AutoCloseable {
    private static final int AT_ONCE = 8;
    private static final Duration VERY_LONG = Duration.ofMinutes(15);

    private final RotatingVault vault;
    private final Duration pause;
    /** An application, because a session may hold 5,000 grants at most. */
    private final TokenizerClient client;

    /** Every token that was given out and not erased. */
    private final Map<String, String> live = new ConcurrentHashMap<>();

    private final Queue<String> erased = new ConcurrentLinkedQueue<>();

    /** @param pause of a caller after two or three requests; without one, callers take all that processors have left */
    RotationUnderLoad(LocalSystem system, String namespace, Duration pause) throws Exception {
        this.pause = pause;
        vault = new RotatingVault(system, namespace, 2);
        client = vault.client("application", "");
    }

    @Override
    public void close() {
        client.close();
        SharedSystem.delete(vault.namespace);
    }

    /**
     * Asserts that no request fails and that nothing is lost.
     *
     * @param records how many the vault holds before the traffic
     * @param before how many requests are measured before the rotations
     * @param rotations how many rotations follow one another
     */
    void losesNothingAndFailsNoRequest(int records, int before, int rotations) throws Exception {
        AtomicInteger made = new AtomicInteger();
        inParallel(() -> {
            for (int i = made.incrementAndGet(); i <= records; i = made.incrementAndGet()) tokenize("record " + i);
            return null;
        });
        assertThat(live).hasSize(records);

        Traffic undisturbed = new Traffic();
        await().atMost(VERY_LONG).until(() -> undisturbed.requests() >= before);
        undisturbed.stop();
        Traffic during = new Traffic();
        long began = System.nanoTime();
        for (int i = 0; i < rotations; i++) rotate(2 + i);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        during.stop();

        System.out.printf(
                "%d rotations of %d records under load took %d s: %d requests, %d failures;"
                        + " p99 %d ms during them, %d ms before; slowest %d ms and %d ms; %d tokens erased.%n",
                rotations,
                records,
                seconds,
                during.requests(),
                during.failures.size(),
                during.millis(0.99),
                undisturbed.millis(0.99),
                during.millis(1),
                undisturbed.millis(1),
                erased.size());
        assertThat(during.failures).isEmpty();
        assertThat(undisturbed.failures).isEmpty();
        assertThat(erased).isNotEmpty();
        everyTokenReadsOrIsErased();
    }

    private void rotate(int rotation) {
        vault.keys(Map.of("rotation", rotation, "gracePeriod", "0s", "rewrapRate", 100_000));
        await().atMost(VERY_LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> Objects.equals(vault.keysStatus().get("primary"), rotation)
                        && "NotRotating".equals(vault.keysStatus().get("step")));
    }

    private void everyTokenReadsOrIsErased() throws Exception {
        Queue<Map.Entry<String, String>> left = new ConcurrentLinkedQueue<>(live.entrySet());
        inParallel(() -> {
            for (Map.Entry<String, String> next = left.poll(); next != null; next = left.poll()) {
                assertThat(client.detokenize(next.getKey())).isEqualTo(bytes(next.getValue()));
            }
            return null;
        });
        for (String token : erased) {
            assertThatThrownBy(() -> client.detokenize(token))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessageContaining("erased");
        }
    }

    private String tokenize(String value) {
        String token = client.tokenize(bytes(value));
        live.put(token, value);
        return token;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void inParallel(Callable<Void> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) all.add(threads.submit(work));
            for (Future<Void> one : all) one.get();
        }
    }

    /** Two callers that store, read what they stored and what others did, and erase some of it. */
    private final class Traffic {
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();
        private final List<String> known = List.copyOf(live.keySet());

        Traffic() {
            for (int i = 0; i < 2; i++) threads.add(Thread.ofVirtual().start(this::run));
        }

        private void run() {
            for (; !stopped.get(); LockSupport.parkNanos(pause.toNanos())) {
                String value = "under load " + nanos.size();
                String token = timed("tokenize", () -> tokenize(value));
                if (token == null) continue;
                timed("detokenize", () -> read(token));
                String other = known.get(ThreadLocalRandom.current().nextInt(known.size()));
                if (live.containsKey(other)) timed("detokenize", () -> read(other));
                if (ThreadLocalRandom.current().nextInt(4) > 0) continue;
                live.remove(token);
                timed("erase", () -> client.erase(token));
                erased.add(token);
            }
        }

        private String read(String token) {
            String text = new String(client.detokenize(token), StandardCharsets.UTF_8);
            if (!text.equals(live.get(token))) throw new IllegalStateException("another value was read");
            return text;
        }

        private <T> @org.jspecify.annotations.Nullable T timed(String what, Callable<T> call) {
            long began = System.nanoTime();
            try {
                return call.call();
            } catch (Exception e) {
                failures.add(what + ": " + e);
                return null;
            } finally {
                nanos.add(System.nanoTime() - began);
            }
        }

        int requests() {
            return nanos.size();
        }

        void stop() throws InterruptedException {
            stopped.set(true);
            for (Thread thread : threads) thread.join();
        }

        long millis(double quantile) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return TimeUnit.NANOSECONDS.toMillis(sorted[(int) Math.ceil(quantile * sorted.length) - 1]);
        }
    }
}
