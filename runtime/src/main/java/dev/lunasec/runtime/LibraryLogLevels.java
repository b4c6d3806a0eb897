package dev.lunasec.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Drops the DEBUG and TRACE lines of all libraries, because they hold secrets: the AWS SDK's signer logs SSE-C keys,
 * HTTP and Redis clients log whole requests, and the web server logs headers. Logback asks this filter before it
 * compares levels, so no logger level overrides it.
 */
public final class LibraryLogFilter extends TurboFilter {
    private static final String OURS = "dev.lunasec.";

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        if (level.isGreaterOrEqual(Level.INFO)) return FilterReply.NEUTRAL;
        return logger.getName().startsWith(OURS) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
