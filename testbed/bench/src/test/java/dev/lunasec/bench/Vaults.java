package dev.lunasec.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The program of {@code .ci/bench vaults}: measures an operator with few and with many vaults. */
final class Vaults {
    private Vaults() {}

    /** Takes no arguments; {@link Parameters} has the properties. */
    public static void main(String[] arguments) throws Exception {
        Parameters parameters = Parameters.read();
        Path work = Files.createDirectories(parameters.results().resolve("vaults"));
        StringBuilder rows = new StringBuilder();
        OperatorRequests idle = null;
        for (int number : parameters.vaults()) {
            try (VaultCluster cluster = new VaultCluster(work)) {
                if (idle == null) {
                    idle = cluster.idle(parameters.quiet().dividedBy(2));
                    Run.say("requests in a minute without an operator: %s", idle.text());
                }
                rows.append(row(cluster.measure(number, parameters.quiet()), idle));
            }
        }
        write(parameters, rows.toString());
    }

    private static String row(VaultCluster.Result result, OperatorRequests idle) {
        OperatorRequests used = result.quiet();
        double passes = used.perMinute(used.passes());
        return String.format(
                Locale.ROOT,
                "| %,d | %.1f | %.1f | %.1f | %d | %d | %.1f | %.1f | %.1f | %.1f | %d | %d |%n",
                result.vaults(),
                result.ready().toMillis() / 1000.0,
                result.taken().toMillis() / 1000.0,
                passes,
                result.most(),
                used.failures(),
                (used.perMinute(used.reads()) - idle.perMinute(idle.reads())) / passes,
                used.perMinute(used.writes()) - idle.perMinute(idle.writes()),
                used.cpuMicros() / 1000.0 / used.passes(),
                result.heap() / 1048576.0,
                result.resident() >> 20,
                result.threads());
    }

    private static void write(Parameters parameters, String rows) throws IOException {
        String markdown = Report.machine(parameters, "API server, etcd, operator and store")
                + String.format(
                        Locale.ROOT,
                        "The quiet time was %d s.%n%n",
                        parameters.quiet().toSeconds())
                + "| vaults | seconds until all are ready | seconds until a new operator has begun a pass over each |"
                + " passes per minute | most in the same second | passes that failed |"
                + " reads of the API server per pass | writes per minute | CPU, ms per pass |"
                + " heap after a collection, MiB | resident memory, MiB | threads |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|---|\n"
                + rows;
        Path table = parameters.results().resolve("vaults.md");
        Files.writeString(table, markdown);
        System.out.println(markdown + "\n" + table);
    }
}
