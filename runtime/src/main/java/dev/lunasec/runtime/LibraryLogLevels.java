package dev.lunasec.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the loggers of all libraries at INFO or above, because their DEBUG and TRACE lines hold secrets: the AWS SDK's
 * signer logs SSE-C keys, HTTP and Redis clients log whole requests, and the web server logs headers. Logback tells it
 * each change of a level, and it raises a level that is too low. The web server asks dozens of times for each request
 * whether DEBUG is on. Such a question compares two numbers, while a filter would run each time.
 */
public final class LibraryLogLevels implements LoggerContextListener {
    private static final String OURS = "dev.lunasec";

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onStart(LoggerContext context) {
        context.getLoggerList().forEach(logger -> onLevelChange(logger, logger.getLevel()));
    }

    @Override
    public void onReset(LoggerContext context) {
        onStart(context);
    }

    @Override
    public void onStop(LoggerContext context) {
        // There is nothing to release.
    }

    @Override
    public void onLevelChange(Logger logger, @Nullable Level level) {
        // Without a level of its own, a logger has that of its parent, which is another library's or the root.
        boolean tooLow = level != null && !level.isGreaterOrEqual(Level.INFO);
        if (tooLow && !(logger.getName() + ".").startsWith(OURS + ".")) logger.setLevel(Level.INFO);
    }
}
