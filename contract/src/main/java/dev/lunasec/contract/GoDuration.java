package dev.lunasec.contract;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go writes them ({@code 300ms}, {@code 1.5h}, {@code 1h20m10s}; units ns, us, µs, ms, s, m, h). The
 * resource, {@code settings.json} and {@code customDuration} on the wire have this form. The grammar is that of Go's
 * {@code time.ParseDuration}, without a sign, because a negative duration has no meaning here.
 */
public final class GoDuration {
    private static final Pattern PART =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{0,12})?|\\.\\d{1,12})(ns|us|µs|μs|ms|s|m|h)");
    /** In characters; the bound keeps the parsing of input from callers cheap. */
    private static final int MAXIMUM_LENGTH = 64;
    /** The maximum of Go's 64-bit nanoseconds: a little over 292 years. */
    private static final BigDecimal MAXIMUM_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /**
     * Parses a duration.
     *
     * @param text for example {@code 1h20m10s}
     * @return the duration, or empty when the text is not a Go duration, is negative or is over 292 years
     */
    public static Optional<Duration> parse(String text) {
        if (text.length() > MAXIMUM_LENGTH || text.isEmpty()) return Optional.empty();
        if (text.equals("0")) return Optional.of(Duration.ZERO);
        Matcher part = PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(nanosOf(part.group(2))));
            end = part.end();
        }
        if (end != text.length() || nanos.compareTo(MAXIMUM_NANOS) > 0) return Optional.empty();
        return Optional.of(Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact()));
    }

    /**
     * Writes a duration of zero or more; {@link #parse} reads it back.
     *
     * @return for example {@code 1h20m10s}; {@code 0s} for zero
     */
    public static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        if (duration.toHours() > 0) text.append(duration.toHours()).append('h');
        if (duration.toMinutesPart() > 0) text.append(duration.toMinutesPart()).append('m');
        if (duration.toSecondsPart() > 0) text.append(duration.toSecondsPart()).append('s');
        if (duration.toNanosPart() > 0) text.append(duration.toNanosPart()).append("ns");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static BigDecimal nanosOf(String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ns" -> 1L;
                    case "us", "µs", "μs" -> 1_000L;
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    default -> 3_600_000_000_000L;
                });
    }
}
