package dev.lunasec.bench;

import dev.lunasec.bench.Window.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The results as Markdown. */
final class Report {
    private static final String NONE = "";

    private final Parameters parameters;
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    Report(Parameters parameters, Results results) {
        this.parameters = parameters;
        this.results = results;
    }

    /** The machine, and then a table for each kind of measurement. */
    String markdown() throws IOException {
        text.append(machine(parameters, "Tokenizer, Javalin, OpenBao, Redis, store and load"));
        if (parameters.records() > 0) line("The store had %,d further records.", parameters.records());
        line(
                "%d rounds, after %d rounds that are not counted. %d s for each load in a round, or half as long; %d"
                        + " connections.%n",
                parameters.rounds(), parameters.warmUps(), parameters.seconds().toSeconds(), parameters.connections());
        loads();
        text.append('\n').append(latencies(results.latencies));
        processorTimes();
        newPods();
        afterGrants();
        starts();
        return text.toString();
    }

    private void loads() {
        line("| load | requests/s: median | lowest to highest | ratio to Javalin | to OpenBao | to the store |"
                + " p50, ms | p99, ms | CPU, µs per request | allocated, KiB per request |"
                + " GETs of the store per request | PUTs and DELETEs per request |");
        line("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (Load load : Load.values()) {
            double[] rates = results.rates(load);
            if (rates.length == 0) {
                line("| %s | not measured: no OpenBao | | | | | | | | | | |", load.title);
                continue;
            }
            line(
                    "| %s | %,.0f | %,.0f to %,.0f | %s | %s | %s | %.2f | %.2f | %s | %s | %s | %s |",
                    load.title,
                    Results.median(rates),
                    rates[0],
                    rates[rates.length - 1],
                    number("%.2f", results.ratio(load, Load.BASELINE)),
                    number("%.2f", results.ratio(load, load.ofOpenBao)),
                    number("%.2f", results.ratio(load, load.ofStore)),
                    Latencies.millis(results.latencies(load), 50),
                    Latencies.millis(results.latencies(load), 99),
                    number("%.0f", results.perRequest(load, Counters::cpuMicros)),
                    number("%.1f", results.perRequest(load, used -> used.allocated() / 1024.0)),
                    number("%.2f", results.perRequest(load, Counters::reads)),
                    number("%.2f", results.perRequest(load, Counters::writes)));
        }
    }

    /** A row for each load at a constant rate. */
    static String latencies(List<Results.Latency> latencies) {
        StringBuilder table = new StringBuilder("| load at a constant rate | requests/s | p50, ms | p99, ms |"
                + " p99.9, ms | requests |\n|---|---|---|---|---|---|\n");
        for (Results.Latency latency : latencies) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %.2f | %.2f | %.2f | %,d |%n",
                    latency.load(),
                    latency.rate(),
                    latency.millis(50),
                    latency.millis(99),
                    latency.millis(99.9),
                    latency.micros().getTotalCount()));
        }
        return table.toString();
    }

    private void processorTimes() {
        line(
                "%n| processors in use at a constant rate | requests/s | the pod, or Javalin | the worker of the rotation | the store |"
                        + " Redis | the load | all |%n|---|---|---|---|---|---|---|---|");
        for (Results.Used used : results.processorTimes) {
            ProcessorTime time = used.time();
            long all = time.pod() + time.worker() + time.store() + time.redis() + time.load();
            line(
                    "| %s | %,d | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |",
                    used.load(),
                    used.rate(),
                    time.processors(time.pod()),
                    time.processors(time.worker()),
                    time.processors(time.store()),
                    time.processors(time.redis()),
                    time.processors(time.load()),
                    time.processors(all));
        }
    }

    private void newPods() {
        line(
                "%n| a pod that has just started | requests/s in each of %d parts of its first %d s |%n|---|---|",
                Loads.WARM_UP_PARTS, parameters.compiling().toSeconds());
        for (Results.NewPod pod : results.newPods) {
            line(
                    "| %s | %s |",
                    pod.load(),
                    pod.rates().stream()
                            .map(rate -> String.format(Locale.ROOT, "%,.0f", rate))
                            .collect(Collectors.joining(" · ")));
        }
    }

    private void afterGrants() {
        line(
                "%n| first /detokenize after a grant, %d ms more for each request to the store | requests/s |"
                        + " ratio to records in the pod | CPU, µs per request | allocated, KiB per request |"
                        + " GETs of the store per request | p50, ms, at %d/s | p99, ms | Redis, bytes per token |",
                AfterGrant.DELAY.toMillis(), AfterGrant.RATE);
        line("|---|---|---|---|---|---|---|---|---|");
        for (AfterGrant.Result result : results.afterGrants) {
            Window first = result.first();
            line(
                    "| %s | %,.0f | %.2f | %s | %s | %s | %.2f | %.2f | %,.0f |",
                    result.title(),
                    first.rate(),
                    first.rate() / result.warm().rate(),
                    number("%.0f", first.perRequest(Counters::cpuMicros)),
                    number("%.1f", first.perRequest(used -> used.allocated() / 1024.0)),
                    number("%.2f", first.perRequest(Counters::reads)),
                    Latencies.millis(result.micros(), 50),
                    Latencies.millis(result.micros(), 99),
                    result.redis());
        }
    }

    private void starts() {
        double[] ready = results.starts.stream()
                .mapToDouble(start -> start.ready().toMillis())
                .sorted()
                .toArray();
        double[] resident = results.starts.stream()
                .mapToDouble(start -> start.resident() >> 20)
                .toArray();
        line("%n| a pod, with the options of its image | |%n|---|---|");
        line(
                "| from the start to ready, %s | %.0f ms, %.0f to %.0f ms (%d starts) |",
                results.classArchive ? "with the class archive of the image" : "without a class archive",
                Results.median(ready),
                ready[0],
                ready[ready.length - 1],
                ready.length);
        line("| resident memory when it is ready | %.0f MiB |", Results.median(resident));
        line("| resident memory after the loads | %d MiB |", results.residentAfterLoad >> 20);
    }

    private static String number(String format, OptionalDouble number) {
        return number.isEmpty() ? NONE : String.format(Locale.ROOT, format, number.getAsDouble());
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /**
     * When, of what and where a run measured.
     *
     * @param parts what shared the processors
     */
    static String machine(Parameters parameters, String parts) throws IOException {
        return String.format(
                Locale.ROOT,
                "Measured on %s at commit %s.%nThe machine has %s.%nJava is %s.%n" + "%s share these processors.%n",
                LocalDate.now(ZoneOffset.UTC),
                parameters.commit(),
                machine(),
                System.getProperty("java.vm.version"),
                parts);
    }

    private static String machine() throws IOException {
        return String.format(
                Locale.ROOT,
                "%d processors (%s), %d GiB of memory and Linux %s",
                Runtime.getRuntime().availableProcessors(),
                first("/proc/cpuinfo", "model name\\s*: (.*)"),
                Math.round(Long.parseLong(first("/proc/meminfo", "MemTotal: *([0-9]+) kB")) / 1048576.0),
                System.getProperty("os.version"));
    }

    private static String first(String file, String pattern) throws IOException {
        Pattern line = Pattern.compile(pattern);
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.map(line::matcher)
                    .filter(Matcher::matches)
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
