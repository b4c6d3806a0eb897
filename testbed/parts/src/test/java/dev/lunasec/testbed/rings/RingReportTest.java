package dev.lunasec.testbed.rings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

@Tag("pure")
class RingReportTest {
    @Test
    void aClassThatWasAbortedIsReportedWithItsReason(@TempDir Path folder) throws IOException {
        assertThat(report(AbortedTests.NeedsABrowser.class, folder))
                .containsExactly("left out\t0\t0\t" + AbortedTests.NeedsABrowser.class.getName()
                        + " (No browser can be installed.)");
    }

    @Test
    void aTestThatWasAbortedIsReportedBesideItsClass(@TempDir Path folder) throws IOException {
        String name = AbortedTests.OneTestIsLeftOut.class.getName();
        assertThat(report(AbortedTests.OneTestIsLeftOut.class, folder))
                .anyMatch(line -> line.equals("left out\t0\t0\t" + name + ".needsMore (More is needed.)"))
                .anyMatch(line -> line.startsWith("full\t1\t") && line.endsWith("\t" + name))
                .hasSize(2);
    }

    /** Runs a class, and returns what is written about it. */
    private static List<String> report(Class<?> tests, Path folder) throws IOException {
        LauncherConfig config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .build();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        LauncherFactory.create(config).execute(request, new RingReport(folder.toString()));
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }
}
