package dev.lunasec.bench;

import dev.lunasec.bench.Servers.Server;
import dev.lunasec.bench.Window.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** The program of {@code .ci/bench redis}: measures a pod with one Redis beside a pod with a Redis Cluster. */
final class RedisComparison implements AutoCloseable {
    private static final List<String> KINDS = List.of("one Redis", "Redis Cluster of three primaries");

    private static final int REPEATS = 3;
    private static final Duration LEAD_IN = Duration.ofSeconds(2);

    private final Parameters parameters;
    private final Comparison comparison = new Comparison("Redis", KINDS);
    private final List<Kind> kinds = new ArrayList<>();

    /** A pod and the requests that it gets. */
    private record Kind(VaultProcess vault, Server pod, byte[][] warm, byte[][] grant) {
        byte[][] requests(Load load) {
            return load == Load.WARM ? warm : grant;
        }
    }

    private RedisComparison(Parameters parameters) {
        this.parameters = parameters;
    }

    /** Takes no arguments; {@link Parameters} has the properties. */
    public static void main(String[] arguments) throws Exception {
        Parameters parameters = Parameters.read();
        List<HostedVault> hosted = List.of(new HostedVault("one-redis", false), new HostedVault("redis-cluster", true));
        Run.of(parameters, hosted, (vaults, work) -> {
            try (RedisComparison redis = new RedisComparison(parameters)) {
                for (VaultProcess vault : vaults) redis.prepare(vault, work);
                redis.measure();
            }
        });
    }

    private void prepare(VaultProcess vault, Path work) throws IOException, InterruptedException {
        int connections = parameters.connections();
        Server pod = new Servers(parameters, vault, work).pod();
        Tokens tokens = new Tokens(vault, pod.port(), "session-", connections, parameters.tokens() / connections);
        String application = vault.jwt("application", "");
        // Short grants, because a caller can have a limited number of valid ones.
        byte[][] grant =
                tokens.requests((connection, token) -> Tokens.grant(application, token, "reader-" + connection, "30s"));
        kinds.add(new Kind(vault, pod, tokens.detokenize(), grant));
    }

    private void measure() throws IOException, InterruptedException {
        List<Load> loads = List.of(Load.WARM, Load.GRANT);
        for (int round = 1 - parameters.warmUps(); round <= parameters.rounds(); round++) {
            for (Load load : loads) {
                for (int kind : comparison.order(round)) comparison.add(round, load, kind, run(load, kinds.get(kind)));
            }
        }
        List<Results.Latency> latencies = new ArrayList<>();
        for (Load load : loads) {
            for (int kind = 0; kind < kinds.size(); kind++)
                latencies.add(new Results.Latency(
                        load.title + ", " + KINDS.get(kind), parameters.steadyRate(), Latencies.histogram()));
        }
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            for (int load = 0; load < loads.size(); load++) {
                for (int kind : comparison.order(repeat)) {
                    Results.Latency sum = latencies.get(load * kinds.size() + kind);
                    sum.micros().add(atRate(loads.get(load), kinds.get(kind)));
                    Run.say("%,d/s, %s: p99 %.2f ms", sum.rate(), sum.load(), sum.millis(99));
                }
            }
        }
        write(latencies);
    }

    private Window run(Load load, Kind kind) throws IOException {
        Requests requests = Requests.cycle(kind.requests(load), parameters.connections());
        Supplier<Counters> counters = () -> Counters.of(kind.pod.process(), kind.vault);
        return new ClosedLoop(requests, counters, parameters.leadIn(), parameters.seconds())
                .run(kind.pod.port(), parameters.connections());
    }

    private Histogram atRate(Load load, Kind kind) throws IOException, InterruptedException {
        int connections = 2 * parameters.connections();
        Requests requests = Requests.cycle(kind.requests(load), connections);
        try (OpenLoop open = new OpenLoop(kind.pod.port(), connections, requests)) {
            return open.run(parameters.steadyRate(), LEAD_IN, parameters.openSeconds());
        }
    }

    private void write(List<Results.Latency> latencies) throws IOException {
        String markdown = Report.machine(parameters, "Tokenizers, Redis, stores and load")
                + String.format(
                        Locale.ROOT,
                        "%d rounds of %d s for each load, after %d rounds that are not counted; %d connections.%n%n",
                        parameters.rounds(),
                        parameters.seconds().toSeconds(),
                        parameters.warmUps(),
                        parameters.connections())
                + comparison.markdown()
                + "\n"
                + Report.latencies(latencies);
        Path table = parameters.results().resolve("redis.md");
        Files.writeString(table, markdown);
        System.out.println(markdown + "\n" + table);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Kind kind : kinds) kind.pod.close();
    }
}
