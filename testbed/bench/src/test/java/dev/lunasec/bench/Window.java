package dev.lunasec.bench;

import java.time.Duration;

/**
 * What was counted in a span of time.
 *
 * @param requests how many requests got the answer 200
 */
record Window(long requests, Duration lasted, Counters used) {
    /**
     * Numbers of the measured processes, which only grow.
     *
     * @param cpuMicros processor time in microseconds; -1 if it is not measured
     * @param allocated bytes on the heap; -1 if it is not measured
     * @param reads requests to the store for the content of an object; -1 if they are not counted
     */
    record Counters(long cpuMicros, long allocated, long reads) {
        /** For loads whose process is not measured. */
        static final Counters NONE = new Counters(-1, -1, -1);

        Counters since(Counters before) {
            return new Counters(
                    cpuMicros < 0 ? -1 : cpuMicros - before.cpuMicros,
                    allocated < 0 ? -1 : allocated - before.allocated,
                    reads < 0 ? -1 : reads - before.reads);
        }
    }

    /** Requests per second. */
    double rate() {
        return requests * 1e9 / lasted.toNanos();
    }
}
