package dev.lunasec.storage;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps libraries from logging what they send: the SDK's signer writes SSE-C keys at DEBUG, HTTP and Redis clients whole requests, the web
 * server headers. No logger level lets that out: this filter is asked before levels are.
 */
public final class NoWireLogs extends TurboFilter {
    private static final List<String> LIBRARIES = List.of(
            "software.amazon.awssdk",
            "org.apache.hc",
            "org.apache.http",
            "io.lettuce",
            "io.netty",
            "org.eclipse.jetty",
            "io.javalin",
            "com.nimbusds",
            "io.fabric8",
            "io.javaoperatorsdk",
            "jdk.httpclient",
            "org.gaul.s3proxy");

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        if (level.isGreaterOrEqual(Level.INFO)) return FilterReply.NEUTRAL;
        return LIBRARIES.stream().anyMatch(logger.getName()::startsWith) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
