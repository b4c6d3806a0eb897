package dev.lunasec.testbed.rings;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@link RingReportTest} runs: tests that a machine cannot run. */
final class AbortedTests {
    private AbortedTests() {}

    @Tag("full")
    static class NeedsABrowser {
        @BeforeAll
        static void start() {
            Assumptions.abort("No browser\n can be installed.");
        }

        @Test
        void aTest() {}
    }

    @Tag("full")
    static class OneTestIsLeftOut {
        @Test
        void runs() {}

        @Test
        void needsMore() {
            Assumptions.abort("More is needed.");
        }
    }
}
