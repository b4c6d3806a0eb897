package dev.lunasec.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was counted in a span of time.
 *
 * @param requests how many requests got the answer 200
 * @param micros their latencies in microseconds
 */
record Window(long requests, Duration lasted, Counters used, Histogram micros) {
    /**
     * Numbers of the measured processes, which only grow.
     *
     * @param cpuMicros processor time in microseconds; -1 if it is not measured
     * @param allocated bytes on the heap; -1 if it is not measured
     * @param reads requests to the store for the content of an object; -1 if they are not counted
     * @param writes requests to the store that put or delete an object; -1 if they are not counted
     */
    record Counters(long cpuMicros, long allocated, long reads, long writes) {
        /** For loads whose process is not measured. */
        static final Counters NONE = new Counters(-1, -1, -1, -1);

        /**
         * What a JVM has used until now.
         *
         * @param vault whose store counts; null if the process calls no store
         */
        static Counters of(MeasuredProcess process, @Nullable VaultProcess vault) {
            try {
                VaultProcess.Requests requests = vault == null ? VaultProcess.NO_REQUESTS : vault.requests();
                return new Counters(process.cpuMicros(), process.allocated(), requests.reads(), requests.writes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Counters since(Counters before) {
            return new Counters(
                    cpuMicros < 0 ? -1 : cpuMicros - before.cpuMicros,
                    allocated < 0 ? -1 : allocated - before.allocated,
                    reads < 0 ? -1 : reads - before.reads,
                    writes < 0 ? -1 : writes - before.writes);
        }
    }

    /** Requests per second. */
    double rate() {
        return requests * 1e9 / lasted.toNanos();
    }

    /** A number for each request; empty if it was not measured. */
    OptionalDouble perRequest(ToDoubleFunction<Counters> number) {
        double all = number.applyAsDouble(used);
        return all < 0 || requests == 0 ? OptionalDouble.empty() : OptionalDouble.of(all / requests);
    }
}
