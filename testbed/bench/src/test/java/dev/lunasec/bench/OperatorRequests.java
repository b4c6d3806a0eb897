package dev.lunasec.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an operator did, and what the API server was asked, in a span of time.
 *
 * @param passes that ended
 * @param failures those of them that failed
 * @param requests that the API server answered, by verb and resource
 * @param cpuMicros processor time of the operator
 */
record OperatorRequests(Duration lasted, long passes, long failures, SortedMap<String, Long> requests, long cpuMicros) {
    private static final Pattern PASSES = metric("operator_sdk_reconciliations_(?:success|failed)(?:_total)?");
    private static final Pattern FAILURES = metric("operator_sdk_reconciliations_failed(?:_total)?");
    /** In the API server, labels are in the order of their names. */
    private static final Pattern REQUESTS = Pattern.compile(
            "^apiserver_request_total\\{.*,resource=\"([^\"]*)\".*verb=\"([^\"]*)\".*} ([0-9.e+]+)$",
            Pattern.MULTILINE);

    private static final Pattern READ = Pattern.compile("(GET|LIST|WATCH|CONNECT) .*");

    /**
     * The numbers since the start.
     *
     * @param operator its metrics; empty if there is none
     * @param apiServer the metrics of the API server
     */
    static OperatorRequests of(String operator, String apiServer, long cpuMicros) throws IOException {
        SortedMap<String, Long> requests = REQUESTS.matcher(apiServer)
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(2) + " " + found.group(1),
                        found -> (long) Double.parseDouble(found.group(3)),
                        Long::sum,
                        TreeMap::new));
        if (requests.isEmpty()) throw new IOException("The metrics of the API server have no apiserver_request_total.");
        return new OperatorRequests(
                Duration.ofNanos(System.nanoTime()),
                sum(PASSES, operator),
                sum(FAILURES, operator),
                requests,
                cpuMicros);
    }

    OperatorRequests since(OperatorRequests before) {
        SortedMap<String, Long> since = new TreeMap<>();
        requests.forEach((name, number) -> {
            long more = number - before.requests.getOrDefault(name, 0L);
            if (more > 0) since.put(name, more);
        });
        return new OperatorRequests(
                lasted.minus(before.lasted),
                passes - before.passes,
                failures - before.failures,
                since,
                cpuMicros - before.cpuMicros);
    }

    /** Requests that change nothing. */
    long reads() {
        return sum(true);
    }

    /** All other requests. */
    long writes() {
        return sum(false);
    }

    double perMinute(long number) {
        return number * 60_000.0 / lasted.toMillis();
    }

    /** The requests by verb and resource, each with its number in a minute. */
    String text() {
        return requests.entrySet().stream()
                .map(request -> String.format(Locale.ROOT, "%s %.1f", request.getKey(), perMinute(request.getValue())))
                .collect(Collectors.joining(", "));
    }

    private long sum(boolean reads) {
        return requests.entrySet().stream()
                .filter(request -> READ.matcher(request.getKey()).matches() == reads)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static Pattern metric(String name) {
        return Pattern.compile("^" + name + "(?:\\{[^}]*})? ([0-9.e+]+)$", Pattern.MULTILINE);
    }

    private static long sum(Pattern metric, String metrics) {
        return (long) metric.matcher(metrics)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }
}
