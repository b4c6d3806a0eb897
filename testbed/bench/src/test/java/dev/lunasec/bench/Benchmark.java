package dev.lunasec.bench;

import dev.lunasec.bench.Servers.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The program of {@code .ci/bench}: measures a pod beside a Javalin with one GET of Redis, beside its store and beside
 * OpenBao, all of them in turns, and writes a table and a picture. An answer other than 200 ends it.
 */
final class Benchmark {
    private static final String BASELINE = Load.BASELINE.title;
    private static final String WARM = Load.WARM.title;

    /** How many records per second the worker of the rotation moves. */
    private static final double ROTATED = 100;

    private static final String ROTATION = "/detokenize, record in the pod, during a rotation";

    private final Parameters parameters;
    private final Results results = new Results();

    private Benchmark(Parameters parameters) {
        this.parameters = parameters;
    }

    /** Takes no arguments; {@link Parameters} has the properties. */
    public static void main(String[] arguments) throws Exception {
        Parameters parameters = Parameters.read();
        Benchmark benchmark = new Benchmark(parameters);
        Run.of(parameters, (vault, servers, work) -> {
            benchmark.measure(vault, servers, work);
            benchmark.write();
            benchmark.results.requireWarmAndCold();
        });
    }

    private void measure(VaultProcess vault, Servers servers, Path work) throws Exception {
        results.classArchive = servers.classArchive;
        for (int i = 0; i < parameters.starts(); i++) {
            try (Server pod = servers.pod()) {
                results.starts.add(new Results.Start(pod.ready(), pod.process().resident()));
                Run.say("start %d: ready after %d ms", i + 1, pod.ready().toMillis());
            }
        }
        try (Server pod = servers.pod();
                Loads loads = Loads.prepare(parameters, servers, vault, pod, openBao(work))) {
            for (int round = 1 - parameters.warmUps(); round <= parameters.rounds(); round++) measure(round, loads);
            results.residentAfterLoad = pod.process().resident();
            for (int rate : parameters.rates()) {
                measure(BASELINE, rate, loads.baseline(), null, vault, loads.openBaseline());
            }
            pod.close();
            try (Server quiet = servers.pod()) {
                latencies(WARM, quiet, null, vault, loads);
            }
            afterGrant(vault, servers);
            rotate(vault, servers, loads);
        }
    }

    private void afterGrant(VaultProcess vault, Servers servers) throws Exception {
        AfterGrant afterGrant = new AfterGrant(parameters, vault, servers);
        results.afterGrants.add(afterGrant.measure("without copies of records", false));
        results.afterGrants.add(afterGrant.measure("with copies of records in Redis", true));
    }

    /** Measures a new pod at all rates, one after the other, when it has compiled most of its code. */
    private void latencies(String title, Server pod, @Nullable MeasuredProcess worker, VaultProcess vault, Loads loads)
            throws Exception {
        List<Double> rates = loads.warmUp(pod, parameters.compiling());
        results.newPods.add(new Results.NewPod(title, rates));
        Run.say("a new pod, %s: %,.0f/s at first, %,.0f/s at last", title, rates.getFirst(), rates.getLast());
        for (int rate : parameters.rates()) measure(title, rate, pod, worker, vault, loads.openWarm(pod));
    }

    /** Measures a new pod while a worker moves the records, as in the midst of a rotation. */
    private void rotate(VaultProcess vault, Servers servers, Loads loads) throws Exception {
        try (MeasuredProcess worker = servers.rotate(ROTATED);
                Server pod = servers.pod()) {
            latencies(ROTATION, pod, worker, vault, loads);
            if (!worker.isAlive()) throw new IOException("the worker ended too early: there are too few records");
            if (loads.records(2) == 0) throw new IOException("the worker has moved no record");
        }
    }

    private @Nullable OpenBao openBao(Path work) throws IOException, InterruptedException {
        if (Files.isExecutable(parameters.openBao())) return new OpenBao(parameters.openBao(), work);
        Run.say("OpenBao is not measured: there is no program %s", parameters.openBao());
        return null;
    }

    /** @param round rounds up to 0 are not counted */
    private void measure(int round, Loads loads) throws Exception {
        for (Load load : Load.values()) {
            Loads.Runner runner = loads.closed(load);
            if (runner == null) continue;
            Window window = runner.run(parameters.leadIn(), load.measured(parameters.seconds()));
            Run.say("round %d, %s: %,.0f/s", round, load.title, window.rate());
            if (round > 0) results.add(load, window);
        }
    }

    /** Measures a server at a constant rate. */
    private void measure(
            String load, int rate, Server server, @Nullable MeasuredProcess worker, VaultProcess vault, OpenLoop loop)
            throws Exception {
        ProcessorTime before = ProcessorTime.now(server.process(), worker, vault);
        try (OpenLoop open = loop) {
            Results.Latency latency =
                    new Results.Latency(load, rate, open.run(rate, Duration.ofSeconds(2), parameters.openSeconds()));
            results.latencies.add(latency);
            ProcessorTime used =
                    ProcessorTime.now(server.process(), worker, vault).since(before);
            results.processorTimes.add(new Results.Used(load, rate, used));
            Run.say("%,d/s, %s: p99 %.2f ms", rate, load, latency.millis(99));
        }
    }

    private void write() throws IOException {
        Path table = parameters.results().resolve("performance.md");
        Path picture = parameters.results().resolve("latency.svg");
        String markdown = new Report(parameters, results).markdown();
        Files.writeString(table, markdown);
        Files.writeString(
                picture,
                new LatencyChart(List.of(
                                series(ROTATION, 99, "#b4100a"),
                                series(WARM, 99, "#0a5fb4"),
                                series(BASELINE, 99, "#666"),
                                series(ROTATION, 50, "#b4100a"),
                                series(WARM, 50, "#0a5fb4"),
                                series(BASELINE, 50, "#666")))
                        .svg());
        System.out.println(markdown);
        System.out.println(table + "\n" + picture);
    }

    private LatencyChart.Series series(String load, double percentile, String color) {
        return new LatencyChart.Series(
                String.format(Locale.ROOT, "p%.0f, %s", percentile, load),
                color,
                percentile == 50 ? "5 4" : "none",
                results.latencies.stream()
                        .filter(latency -> latency.load().equals(load))
                        .map(latency -> new LatencyChart.Point(latency.rate(), latency.millis(percentile)))
                        .toList());
    }
}
