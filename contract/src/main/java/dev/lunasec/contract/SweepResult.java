package dev.lunasec.contract;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a sweep counted. It writes this into its {@link TerminationLog}, where the operator reads it for a metric.
 *
 * @param tokensWithoutValue how many tokens seem to have no uploaded value, at least 0; an estimate
 */
public record SweepResult(long tokensWithoutValue) {
    private static final Pattern TEXT = Pattern.compile("tokensWithoutValue=([0-9]{1,18})");

    /** Parses the text that {@link #text} writes; empty for any other text. */
    public static Optional<SweepResult> parse(String text) {
        Matcher result = TEXT.matcher(text);
        return result.matches() ? Optional.of(new SweepResult(Long.parseLong(result.group(1)))) : Optional.empty();
    }

    /** One line, {@code tokensWithoutValue=12} for example. */
    public String text() {
        return "tokensWithoutValue=" + tokensWithoutValue;
    }
}
