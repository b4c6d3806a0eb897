package dev.lunasec.testbed;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;

/** All that the whole process logs at the most talkative level. */
public final class EverythingLogged implements AutoCloseable {
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    public EverythingLogged() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%level %logger %message%n%ex%n");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(logged);
        appender.start();
        Logger root = root();
        root.setLevel(Level.TRACE);
        ours().setLevel(Level.TRACE);
        for (Logger logger : context.getLoggerList()) {
            // The others pass on what they log to the root.
            if (logger != root && logger.isAdditive()) continue;
            logger.detachAndStopAllAppenders();
            logger.addAppender(appender);
        }
        // The store is in this process for the test alone.
        context.getLogger("org.gaul").setLevel(Level.OFF);
        for (String library : List.of("io.javalin", "org.eclipse.jetty"))
            context.getLogger(library).setLevel(Level.TRACE);
    }

    public String text() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        root().setLevel(Level.INFO);
        ours().setLevel(Level.INFO);
    }

    private Logger ours() {
        return context.getLogger("dev.lunasec");
    }

    private Logger root() {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
