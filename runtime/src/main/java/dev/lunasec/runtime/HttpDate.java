package dev.lunasec.runtime;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header {@code Date} of an HTTP answer: the time of the server's clock, in whole seconds. */
public final class HttpDate {
    public static final String HEADER = "Date";

    private HttpDate() {}

    /**
     * Parses a time.
     *
     * @param header the value of the header; null if the answer has none
     * @return empty if there is none, or if it is no time
     */
    public static Optional<Instant> parse(@Nullable String header) {
        if (header == null) return Optional.empty();
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
