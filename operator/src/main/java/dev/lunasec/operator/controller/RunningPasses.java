package dev.lunasec.operator.controller;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts the running passes of each namespace. The vaults of one namespace cannot take the threads of all: their stores
 * can hang.
 */
final class RunningPasses {
    private final PassLimits limits;
    private final Map<String, Integer> running = new HashMap<>();
    private final Counter postponed;
    private boolean stopping;

    RunningPasses(PassLimits limits, MeterRegistry metrics) {
        this.limits = limits;
        Gauge.builder("tokenizer.operator.passes.active", this, RunningPasses::count)
                .description("passes over vaults that run now")
                .register(metrics);
        Gauge.builder("tokenizer.operator.passes.limit", limits, PassLimits::atOnce)
                .description("the most passes that run at the same time")
                .register(metrics);
        postponed = Counter.builder("tokenizer.operator.passes.postponed")
                .description("passes that were postponed because their namespace had too many of them")
                .register(metrics);
    }

    /** Begins a pass, which the caller closes. If it may not run, the caller postpones it. */
    synchronized Pass begin(String namespace) {
        if (stopping) return new Pass(namespace, false);
        int before = running.getOrDefault(namespace, 0);
        if (before >= limits.ofNamespace()) {
            postponed.increment();
            return new Pass(namespace, false);
        }
        running.put(namespace, before + 1);
        return new Pass(namespace, true);
    }

    /**
     * Lets no further pass begin, and waits for the running ones.
     *
     * @param atMost how long; a pass that hangs for longer, on its store for example, goes on
     */
    synchronized void stop(Duration atMost) throws InterruptedException {
        stopping = true;
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); left > 0 && !running.isEmpty(); left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private synchronized int count() {
        return running.values().stream().mapToInt(Integer::intValue).sum();
    }

    private synchronized void end(String namespace) {
        running.computeIfPresent(namespace, (name, before) -> before == 1 ? null : before - 1);
        notifyAll();
    }

    /** One pass over a vault. */
    final class Pass implements AutoCloseable {
        private final String namespace;
        private final boolean mayRun;

        private Pass(String namespace, boolean mayRun) {
            this.namespace = namespace;
            this.mayRun = mayRun;
        }

        boolean mayRun() {
            return mayRun;
        }

        @Override
        public void close() {
            if (mayRun) end(namespace);
        }
    }
}
