package dev.lunasec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The DEBUG lines of libraries hold secrets, so no setting turns them on. */
@Tag("pure")
class LibraryLogLevelsTest {
    private static final String LIBRARY = "software.amazon.awssdk.auth.signer";
    private static final String OURS = "dev.lunasec.tokenizer.Main";

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws Exception {
        configure("TRACE");
    }

    private void configure(String level) throws Exception {
        context.reset();
        context.putProperty("LOG_LEVEL", level);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LibraryLogLevels.class.getResource("/logback.xml"));
    }

    @Test
    void theLevelOfTheProcessReachesItsOwnClassesAlone() {
        assertThat(context.getLogger(OURS).isTraceEnabled()).isTrue();
        assertThat(context.getLogger(LIBRARY).isDebugEnabled()).isFalse();
        assertThat(context.getLogger(LIBRARY).isInfoEnabled()).isTrue();
        // A name that only begins like ours.
        assertThat(context.getLogger("dev.lunasecond").isDebugEnabled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "DEBUG", "ALL"})
    void noLevelOfALibraryStaysBelowInfo(String level) {
        context.getLogger(LIBRARY).setLevel(Level.toLevel(level));
        context.getLogger("ROOT").setLevel(Level.toLevel(level));

        assertThat(context.getLogger(LIBRARY).getEffectiveLevel()).isEqualTo(Level.INFO);
        assertThat(context.getLogger("another.library").getEffectiveLevel()).isEqualTo(Level.INFO);
    }

    @Test
    void aLibraryMaySayLess() throws Exception {
        context.getLogger(LIBRARY).setLevel(Level.ERROR);
        assertThat(context.getLogger(LIBRARY).isWarnEnabled()).isFalse();

        configure("ERROR");
        assertThat(context.getLogger("another.library").isWarnEnabled()).isFalse();
        assertThat(context.getLogger(OURS).isWarnEnabled()).isFalse();
    }
}
