package dev.lunasec.bench;

import dev.lunasec.bench.Window.Counters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What a run has measured. */
final class Results {
    /**
     * Latencies under a constant rate.
     *
     * @param load a title
     * @param rate requests per second
     */
    record Latency(String load, int rate, Histogram micros) {
        double millis(double percentile) {
            return Latencies.millis(micros, percentile);
        }
    }

    /**
     * The processor time that was used while latencies were measured.
     *
     * @param load as for the latencies
     */
    record Used(String load, int rate, ProcessorTime time) {}

    /** A start of a pod: until it was ready, and its memory in bytes then. */
    record Start(Duration ready, long resident) {}

    /**
     * How fast a pod becomes that has just started, while callers ask as fast as they can.
     *
     * @param load a title
     * @param rates requests per second, in parts of the time of the same length
     */
    record NewPod(String load, List<Double> rates) {}

    final Map<Load, List<Window>> windows = new EnumMap<>(Load.class);
    final List<Latency> latencies = new ArrayList<>();
    final List<Used> processorTimes = new ArrayList<>();
    final List<AfterGrant.Result> afterGrants = new ArrayList<>();
    final List<NewPod> newPods = new ArrayList<>();
    final List<Start> starts = new ArrayList<>();
    long residentAfterLoad;
    boolean classArchive;

    /** Adds what was measured in a round. */
    void add(Load load, Window window) {
        windows.computeIfAbsent(load, any -> new ArrayList<>()).add(window);
    }

    /** Requests per second of each round, sorted; empty if the load was not measured. */
    double[] rates(Load load) {
        return windows.getOrDefault(load, List.of()).stream()
                .mapToDouble(Window::rate)
                .sorted()
                .toArray();
    }

    /** Latencies of all rounds in microseconds. */
    Histogram latencies(Load load) {
        Histogram all = Latencies.histogram();
        for (Window window : windows.getOrDefault(load, List.of())) all.add(window.micros());
        return all;
    }

    /** The median of the ratios of each round; empty if one of both was not measured. */
    OptionalDouble ratio(Load load, @Nullable Load reference) {
        if (reference == null) return OptionalDouble.empty();
        List<Window> above = windows.getOrDefault(load, List.of());
        List<Window> below = windows.getOrDefault(reference, List.of());
        if (above.isEmpty() || above.size() != below.size()) return OptionalDouble.empty();
        double[] ratios = new double[above.size()];
        for (int i = 0; i < ratios.length; i++)
            ratios[i] = above.get(i).rate() / below.get(i).rate();
        return OptionalDouble.of(median(ratios));
    }

    /** A number per request over all rounds; empty if it was not measured. */
    OptionalDouble perRequest(Load load, ToDoubleFunction<Counters> number) {
        List<Window> measured = windows.getOrDefault(load, List.of());
        double sum = 0;
        double requests = 0;
        for (Window window : measured) {
            double used = number.applyAsDouble(window.used());
            if (used < 0) return OptionalDouble.empty();
            sum += used;
            requests += window.requests();
        }
        return requests == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / requests);
    }

    /**
     * Checks that the loads were what their titles say: the store counted the requests for records.
     *
     * @throws IllegalStateException if they were not
     */
    void requireWarmAndCold() {
        double warm = perRequest(Load.WARM, Counters::reads).orElseThrow();
        double cold = perRequest(Load.COLD, Counters::reads).orElseThrow();
        if (warm <= 0.02 && cold >= 0.98) return;
        throw new IllegalStateException(String.format(
                Locale.ROOT,
                "The results are useless: of the requests for records in the pod, %.1f %% asked the store (raise"
                        + " -Dbench.leadIn if they are over 2), and of the others %.1f %% (raise -Dbench.coldTokens if"
                        + " they are under 98).",
                100 * warm,
                100 * cold));
    }

    static double median(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
