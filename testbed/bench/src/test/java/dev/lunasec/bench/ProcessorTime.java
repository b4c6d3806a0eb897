package dev.lunasec.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The processor time that each process of a run has used since its start.
 *
 * @param nanos when it was read, as {@link System#nanoTime}
 * @param pod or another server that answers the requests; in microseconds, as all that follow
 * @param worker of a rotation; 0 if there is none
 * @param load this process, which sends the requests
 */
record ProcessorTime(long nanos, long pod, long worker, long store, long redis, long load) {

    /** Reads it now. */
    static ProcessorTime now(MeasuredProcess pod, @Nullable MeasuredProcess worker, VaultProcess vault) {
        return new ProcessorTime(
                System.nanoTime(),
                pod.cpuMicros(),
                worker == null ? 0 : worker.cpuMicros(),
                vault.storeCpuMicros(),
                vault.redisCpuMicros(),
                micros(ProcessHandle.current()));
    }

    /** What was used since an earlier time. */
    ProcessorTime since(ProcessorTime earlier) {
        return new ProcessorTime(
                nanos - earlier.nanos,
                pod - earlier.pod,
                worker - earlier.worker,
                store - earlier.store,
                redis - earlier.redis,
                load - earlier.load);
    }

    /**
     * How many processors were in use all the time.
     *
     * @param micros of this record, which {@link #since} returned
     */
    double processors(long micros) {
        return micros / (nanos / 1e3);
    }

    /** Processor time of a process since its start, in microseconds; the kernel counts it in steps of 10 ms. */
    static long micros(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .map(used -> TimeUnit.NANOSECONDS.toMicros(used.toNanos()))
                .orElse(0L);
    }
}
