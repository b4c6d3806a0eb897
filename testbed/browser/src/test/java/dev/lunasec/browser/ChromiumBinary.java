package dev.lunasec.browser;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The browser of the tests: a Chromium on the path, else the one of Debian, which this class installs as root, else the
 * one that Playwright downloads.
 */
final class ChromiumBinary {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final Duration LONGEST_DOWNLOAD = Duration.ofMinutes(10);

    private ChromiumBinary() {}

    /**
     * Finds or installs it.
     *
     * @return empty for the one that Playwright has downloaded
     * @throws IllegalStateException when there is none, and none can be installed
     */
    static Optional<Path> find() {
        Optional<Path> found = Programs.findOrInstall(NAMES, "chromium");
        if (found.isPresent()) return found;
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> download = List.of(java, "-cp", classes, "com.microsoft.playwright.CLI", "install", "chromium");
        if (Programs.run(LONGEST_DOWNLOAD, download)) return Optional.empty();
        throw new IllegalStateException("The tests of the secure frame need a browser, and none could be installed;"
                + " install Chromium, for example with: apt-get install chromium");
    }
}
