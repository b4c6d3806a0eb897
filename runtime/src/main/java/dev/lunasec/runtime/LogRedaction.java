package dev.lunasec.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps every library from logging what it sends: the SDK's signer writes SSE-C keys at DEBUG, HTTP and Redis clients whole requests, the
 * web server headers. No logger level lets that out: this filter is asked before levels are.
 */
public final class LogRedaction extends TurboFilter {
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
