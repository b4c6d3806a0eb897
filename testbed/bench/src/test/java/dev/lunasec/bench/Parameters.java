package dev.lunasec.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What can be set with {@code -Dbench.…}. With the defaults, a run takes about fifteen minutes.
 *
 * @param results the folder for the results
 * @param rounds how often each load is measured
 * @param warmUps how many rounds before them are not counted
 * @param seconds how long a load is measured in a round
 * @param leadIn seconds of each load in each round that come before and are not measured
 * @param connections of each load
 * @param tokens how many tokens are asked for again and again
 * @param coldTokens how many tokens there are whose records a pod no longer has when they are asked for again
 * @param grantedTokens how many tokens get a grant whose first use is measured
 * @param records how many further records the store has, which no request names; 0 for none
 * @param rates requests per second with constant arrival
 * @param openSeconds how long each of these rates is measured
 * @param compiling how long a new pod has a full load before its latencies are measured; Java compiles meanwhile
 * @param starts how often the time of a start is measured
 * @param steadyRate calls per second at which the program for Redis measures latencies, and of the steady load
 * @param steadyPart how long each part of the steady load takes
 * @param steadyParts how many parts it has
 * @param sizes how many records the vault has when the program for growth measures, ascending
 * @param vaults how many vaults the program for vaults has
 * @param quiet how long it counts when all of them are ready
 * @param openBao the program of OpenBao; it need not exist
 * @param classPath that of the tokenizer
 * @param commit that was built
 */
record Parameters(
        Path results,
        int rounds,
        int warmUps,
        Duration seconds,
        Duration leadIn,
        int connections,
        int tokens,
        int coldTokens,
        int grantedTokens,
        int records,
        List<Integer> rates,
        Duration openSeconds,
        Duration compiling,
        int starts,
        int steadyRate,
        Duration steadyPart,
        int steadyParts,
        List<Integer> sizes,
        List<Integer> vaults,
        Duration quiet,
        Path openBao,
        String classPath,
        String commit) {
    private static final String PREFIX = "bench.";

    Parameters {
        if (grantedTokens < 2 * AfterGrant.AT_RATE_CALLS) {
            throw new IllegalArgumentException(
                    "Raise -D" + PREFIX + "grantedTokens to " + 2 * AfterGrant.AT_RATE_CALLS + " or more.");
        }
        if (Math.min(tokens, coldTokens) < connections) {
            throw new IllegalArgumentException("Each connection needs a token of its own: raise -D" + PREFIX
                    + "tokens and -D" + PREFIX + "coldTokens to -D" + PREFIX + "connections.");
        }
    }

    /** @throws IllegalArgumentException naming the first property that is wrong */
    static Parameters read() {
        return new Parameters(
                Path.of(text("results", "target/bench")).toAbsolutePath(),
                number("rounds", 5),
                number("warmUps", 3),
                Duration.ofSeconds(number("seconds", 4)),
                Duration.ofSeconds(number("leadIn", 1)),
                number("connections", 32),
                number("tokens", 512),
                number("coldTokens", 25_600),
                number("grantedTokens", 12_800),
                number("records", 0),
                numbers("rates", "500,1000,2000,4000"),
                Duration.ofSeconds(number("openSeconds", 8)),
                Duration.ofSeconds(number("compiling", 60)),
                number("starts", 5),
                number("steadyRate", 2_000),
                Duration.ofSeconds(number("steadyPart", 300)),
                number("steadyParts", 6),
                numbers("sizes", "1000,100000,1000000"),
                numbers("vaults", "1,50,200"),
                Duration.ofSeconds(number("quiet", 120)),
                Path.of(text("openBao", "bao")),
                text("classPath", System.getProperty("java.class.path")),
                text("commit", "unknown"));
    }

    private static List<Integer> numbers(String name, String usual) {
        return Arrays.stream(text(name, usual).split(","))
                .map(each -> number(name, each.strip(), 1))
                .toList();
    }

    private static int number(String name, int usual) {
        return number(name, text(name, Integer.toString(usual)), Math.min(usual, 1));
    }

    private static int number(String name, String value, int least) {
        if (value.matches("[0-9]{1,8}") && Integer.parseInt(value) >= least) return Integer.parseInt(value);
        throw new IllegalArgumentException(
                "-D" + PREFIX + name + " is \"" + value + "\"; write a whole number from " + least + " to 99999999.");
    }

    private static String text(String name, String usual) {
        return System.getProperty(PREFIX + name, usual);
    }
}
