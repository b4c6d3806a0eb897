package dev.lunasec.tokenizer.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** A test waits for a minute instead of ten seconds, because the machine may have other things to do. */
public final class LongWaits implements TestExecutionListener {
    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }
}
