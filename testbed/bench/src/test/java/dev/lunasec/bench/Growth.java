package dev.lunasec.bench;

import dev.lunasec.bench.Servers.Server;
import dev.lunasec.bench.Window.Counters;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.tokenizer.store.Bucket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The program of {@code .ci/bench growth}: measures one pod while its vault has few records and while it has many. The
 * store changes between its contents, so process, tokens and Redis are the same for all sizes.
 */
final class Growth {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int STARTS = 3;

    private final Parameters parameters;
    private final VaultProcess vault;
    private final Servers servers;
    private final Comparison comparison;
    private final List<Integer> contents = new ArrayList<>();
    private final StringBuilder starts = new StringBuilder();

    private Growth(Parameters parameters, VaultProcess vault, Path work) throws IOException, InterruptedException {
        this.parameters = parameters;
        this.vault = vault;
        this.servers = new Servers(parameters, vault, work);
        this.comparison = new Comparison(
                "records",
                parameters.sizes().stream()
                        .map(size -> String.format(Locale.ROOT, "%,d", size))
                        .toList());
    }

    /** Takes no arguments; {@link Parameters} has the properties. */
    public static void main(String[] arguments) throws Exception {
        Parameters parameters = Parameters.read();
        if (parameters.sizes().getFirst() < parameters.tokens())
            throw new IllegalArgumentException("The smallest vault holds the tokens that calls name: raise the first of"
                    + " -Dbench.sizes to -Dbench.tokens.");
        Run.of(parameters, List.of(HostedVault.USUAL), (vaults, work) -> {
            Growth growth = new Growth(parameters, vaults.getFirst(), work);
            growth.measure();
            growth.write();
            growth.comparison.requireWarmAndCold();
        });
    }

    private void measure() throws IOException, InterruptedException {
        try (Server pod = servers.pod();
                S3Connection store = vault.connection()) {
            int connections = parameters.connections();
            byte[][] warm = new Tokens(vault, pod.port(), "session-", connections, parameters.tokens() / connections)
                    .detokenize();
            StoreLoad.fill(Bucket.of(store));
            for (int size : parameters.sizes()) {
                contents.add(vault.fill(size));
                Run.say("a content of the store with %,d records is there", size);
            }
            for (int round = 1 - parameters.warmUps(); round <= parameters.rounds(); round++) {
                for (int size : comparison.order(round)) measure(round, size, pod, Bucket.of(store), warm);
            }
        }
        for (int size = 0; size < contents.size(); size++) start(size);
    }

    private void measure(int round, int size, Server pod, Bucket bucket, byte[][] warm)
            throws IOException, InterruptedException {
        int connections = parameters.connections();
        Duration seconds = parameters.seconds();
        Duration leadIn = parameters.leadIn();
        serve(size);
        comparison.add(round, Load.WARM, size, run(pod, Requests.cycle(warm, connections), leadIn, seconds));
        Window gets = StoreLoad.gets(bucket, connections).run(leadIn, Load.STORE_GET.measured(seconds));
        comparison.add(round, Load.STORE_GET, size, gets);
        Window puts = StoreLoad.puts(bucket, connections).run(leadIn, Load.STORE_PUT.measured(seconds));
        comparison.add(round, Load.STORE_PUT, size, puts);
        serve(size);
        NewTokens tokens = new NewTokens(vault, "maker-" + round + "-" + size + "-", connections);
        comparison.add(round, Load.TOKENIZE, size, run(pod, tokens, leadIn, seconds));
        Requests once = Requests.once(tokens.detokenize());
        comparison.add(round, Load.COLD, size, run(pod, once, Duration.ZERO, DAY));
        serve(size);
    }

    private void serve(int size) throws IOException {
        vault.serve(contents.get(size));
    }

    private Window run(Server pod, Requests requests, Duration leadIn, Duration measured) throws IOException {
        Supplier<Counters> counters = () -> Counters.of(pod.process(), vault);
        return new ClosedLoop(requests, counters, leadIn, measured).run(pod.port(), parameters.connections());
    }

    /** A pod may do something with each record when it starts, or keep something of it. */
    private void start(int size) throws IOException, InterruptedException {
        serve(size);
        double[] millis = new double[STARTS];
        double[] heap = new double[STARTS];
        long reads = vault.requests().reads();
        for (int i = 0; i < STARTS; i++) {
            try (Server pod = servers.pod()) {
                millis[i] = pod.ready().toMillis();
                heap[i] = pod.process().memory().heap() / 1048576.0;
            }
        }
        double asked = (double) (vault.requests().reads() - reads) / STARTS;
        starts.append(String.format(
                Locale.ROOT,
                "| %,d | %.0f | %.0f to %.0f | %.1f | %.0f |%n",
                parameters.sizes().get(size),
                Results.median(millis),
                IntStream.range(0, STARTS).mapToDouble(i -> millis[i]).min().orElseThrow(),
                IntStream.range(0, STARTS).mapToDouble(i -> millis[i]).max().orElseThrow(),
                Results.median(heap),
                asked));
    }

    private void write() throws IOException {
        String markdown = Report.machine(parameters, "Tokenizer, Redis, store and load")
                + String.format(
                        Locale.ROOT,
                        "%d rounds of %d s for each load and size, after %d rounds that are not counted;"
                                + " %d connections; calls to %d tokens.%n%n",
                        parameters.rounds(),
                        parameters.seconds().toSeconds(),
                        parameters.warmUps(),
                        parameters.connections(),
                        parameters.tokens())
                + comparison.markdown()
                + String.format(
                        "%n| records | start of a pod until it is ready, ms: median of %d | lowest to highest |"
                                + " heap after a collection, MiB | GETs of the store |%n|---|---|---|---|---|%n",
                        STARTS)
                + starts;
        Path table = parameters.results().resolve("growth.md");
        Files.writeString(table, markdown);
        System.out.println(markdown + "\n" + table);
    }
}
