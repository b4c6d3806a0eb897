package dev.lunasec.bench;

import dev.lunasec.bench.Window.Counters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Loads that ran in turns on several variants of a vault. The first variant is what the others are compared with. */
final class Comparison {
    private final String kind;
    private final List<String> variants;
    private final Map<Load, List<List<Window>>> windows = new LinkedHashMap<>();

    /** @param kind what the variants are, as the title of a column */
    Comparison(String kind, List<String> variants) {
        this.kind = kind;
        this.variants = List.copyOf(variants);
    }

    /** The order of the variants in a round. Each round begins with another one. */
    List<Integer> order(int round) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < variants.size(); i++) order.add(Math.floorMod(round + i, variants.size()));
        return order;
    }

    /**
     * Adds what was measured in a round.
     *
     * @param round rounds up to 0 are not counted
     */
    void add(int round, Load load, int variant, Window window) {
        Run.say("round %d, %s, %s: %,.0f/s", round, variants.get(variant), load.title, window.rate());
        if (round > 0) of(load).get(variant).add(window);
    }

    private List<List<Window>> of(Load load) {
        return windows.computeIfAbsent(
                load,
                any -> variants.stream()
                        .<List<Window>>map(variant -> new ArrayList<>())
                        .toList());
    }

    /** A row for each load and variant. */
    String markdown() {
        String first = variants.getFirst();
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "| load | %s | requests/s: median | ratio to %s: median | lowest to highest | CPU, µs per request |"
                        + " ratio of CPU to %s | p50, ms | p99, ms | GETs of the store per request |"
                        + " PUTs and DELETEs per request |%n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|%n",
                kind,
                first,
                first));
        windows.forEach((load, measured) -> {
            for (int i = 0; i < measured.size(); i++) table.append(row(load, i, measured));
        });
        return table.toString();
    }

    private String row(Load load, int variant, List<List<Window>> measured) {
        List<Window> own = measured.get(variant);
        List<Window> first = measured.getFirst();
        double[] rates = each(own, Window::rate);
        double[] ratios = ratios(rates, each(first, Window::rate));
        double[] cpu = each(own, Comparison::cpu);
        double[] cpuRatios = ratios(cpu, each(first, Comparison::cpu));
        Histogram micros = Latencies.histogram();
        for (Window window : own) micros.add(window.micros());
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,.0f | %.2f | %.2f to %.2f | %s | %s | %.2f | %.2f | %s | %s |%n",
                load.title,
                variants.get(variant),
                Results.median(rates),
                Results.median(ratios),
                lowest(ratios),
                highest(ratios),
                number("%.0f", Results.median(cpu)),
                number("%.2f", Results.median(cpuRatios)),
                Latencies.millis(micros, 50),
                Latencies.millis(micros, 99),
                number("%.2f", Results.median(each(own, window -> perRequest(window, Counters::reads)))),
                number("%.2f", Results.median(each(own, window -> perRequest(window, Counters::writes)))));
    }

    /**
     * Checks that loads were what their titles say: the store counted the requests for records.
     *
     * @throws IllegalStateException if they were not
     */
    void requireWarmAndCold() {
        for (int i = 0; i < variants.size(); i++) {
            double warm = Results.median(each(of(Load.WARM).get(i), window -> perRequest(window, Counters::reads)));
            double cold = Results.median(each(of(Load.COLD).get(i), window -> perRequest(window, Counters::reads)));
            if (warm <= 0.02 && cold >= 0.98) continue;
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "The results are useless: with %s, %.1f %% of the requests for records in the pod asked the store,"
                            + " and %.1f %% of the others; raise -Dbench.leadIn.",
                    variants.get(i),
                    100 * warm,
                    100 * cold));
        }
    }

    private static double cpu(Window window) {
        return perRequest(window, Counters::cpuMicros);
    }

    private static double perRequest(Window window, ToDoubleFunction<Counters> number) {
        OptionalDouble measured = window.perRequest(number);
        return measured.orElse(Double.NaN);
    }

    private static double[] each(List<Window> rounds, ToDoubleFunction<Window> number) {
        return rounds.stream().mapToDouble(number).toArray();
    }

    private static double[] ratios(double[] above, double[] below) {
        double[] ratios = new double[above.length];
        for (int i = 0; i < ratios.length; i++) ratios[i] = above[i] / below[i];
        return ratios;
    }

    private static double lowest(double[] numbers) {
        double lowest = Double.POSITIVE_INFINITY;
        for (double each : numbers) lowest = Math.min(lowest, each);
        return lowest;
    }

    private static double highest(double[] numbers) {
        double highest = Double.NEGATIVE_INFINITY;
        for (double each : numbers) highest = Math.max(highest, each);
        return highest;
    }

    private static String number(String format, double number) {
        return Double.isNaN(number) ? "" : String.format(Locale.ROOT, format, number);
    }
}
