package dev.lunasec.bench;

import dev.lunasec.bench.MeasuredProcess.Memory;
import dev.lunasec.bench.Servers.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The program of {@code .ci/bench steady}: one pod under a constant load for half an hour, to see whether its memory
 * grows. The load has new tokens in each part of the time, so that the grants do not expire.
 */
final class Steady {
    private static final Duration LEAD_IN = Duration.ofSeconds(2);
    private static final int TOKENS_OF_CONNECTION = 16;

    private Steady() {}

    /** Takes no arguments; {@link Parameters} has the properties. */
    public static void main(String[] arguments) throws Exception {
        Parameters parameters = Parameters.read();
        StringBuilder rows = new StringBuilder();
        Run.of(parameters, (vault, servers, work) -> {
            try (Server pod = servers.pod()) {
                for (int part = 1; part <= parameters.steadyParts(); part++) {
                    rows.append(measure(parameters, vault, pod, part));
                }
            }
        });
        String markdown = Report.machine(parameters, "Tokenizer, Redis, store and load")
                + String.format(
                        Locale.ROOT,
                        "%,d requests/s: of eight, six are /detokenize, one is /tokenize and one is /grant/set.%n%n"
                                + "| minutes | requests | p50, ms | p99, ms | resident, MiB |"
                                + " heap after a collection, MiB |%n|---|---|---|---|---|---|%n",
                        parameters.steadyRate())
                + rows;
        Path table = parameters.results().resolve("steady.md");
        Files.writeString(table, markdown);
        System.out.println(markdown + "\n" + table);
    }

    private static String measure(Parameters parameters, VaultProcess vault, Server pod, int part)
            throws IOException, InterruptedException {
        int connections = parameters.connections();
        Tokens tokens = new Tokens(vault, pod.port(), "part-" + part + "-", connections, TOKENS_OF_CONNECTION);
        byte[][] detokenize = tokens.detokenize();
        byte[][] tokenize = new byte[connections][];
        for (int i = 0; i < connections; i++) tokenize[i] = Tokens.tokenize(vault.jwt("user", "maker-" + i));
        String application = vault.jwt("application", "");
        byte[][] grant =
                tokens.requests((connection, token) -> Tokens.grant(application, token, "reader-" + connection, "30s"));
        byte[][] mixed = Requests.mix(
                8 * detokenize.length,
                detokenize,
                detokenize,
                detokenize,
                detokenize,
                detokenize,
                detokenize,
                tokenize,
                grant);
        try (OpenLoop load = new OpenLoop(pod.port(), 2 * connections, Requests.cycle(mixed, 2 * connections))) {
            Histogram micros = load.run(parameters.steadyRate(), LEAD_IN, parameters.steadyPart());
            Memory memory = pod.process().memory();
            Run.say("part %d: %,d MiB resident", part, memory.resident() >> 20);
            return String.format(
                    Locale.ROOT,
                    "| %d | %,d | %.2f | %.2f | %d | %.1f |%n",
                    part * parameters.steadyPart().toSeconds() / 60,
                    micros.getTotalCount(),
                    Latencies.millis(micros, 50),
                    Latencies.millis(micros, 99),
                    memory.resident() >> 20,
                    memory.heap() / 1048576.0);
        }
    }
}
