package dev.lunasec.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Latencies in microseconds, up to two minutes. */
final class Latencies {
    private static final long LONGEST = TimeUnit.MINUTES.toMicros(2);
    private static final int DIGITS = 3;

    private Latencies() {}

    /** For one thread. */
    static Histogram histogram() {
        return new Histogram(LONGEST, DIGITS);
    }

    /** For several threads at the same time. */
    static Histogram shared() {
        return new ConcurrentHistogram(LONGEST, DIGITS);
    }

    /**
     * The time from then until now.
     *
     * @param then as {@link System#nanoTime} gave it
     */
    static long since(long then) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - then);
    }

    static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1000.0;
    }
}
