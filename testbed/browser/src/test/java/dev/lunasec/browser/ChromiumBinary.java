package dev.lunasec.browser;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The browser of the tests: a Chromium on the path, else the one of Debian, which this class installs as root, else the
 * one that Playwright downloads.
 */
final class ChromiumBinary {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private ChromiumBinary() {}

    /**
     * Finds or installs it.
     *
     * @return empty for the one that Playwright has downloaded
     * @throws IllegalStateException when there is none, and none can be installed
     */
    static Optional<Path> find() {
        Optional<Path> found = onPath();
        if (found.isPresent()) return found;
        if ("root".equals(System.getProperty("user.name"))
                && executable("apt-get").isPresent()) {
            if (run(List.of("apt-get", "update", "-q"))
                    && run(List.of("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"))) {
                found = onPath();
                if (found.isPresent()) return found;
            }
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        if (run(List.of(java, "-cp", classes, "com.microsoft.playwright.CLI", "install", "chromium"))) {
            return Optional.empty();
        }
        throw new IllegalStateException("The tests of the secure frame need a browser, and none could be installed;"
                + " install Chromium, for example with: apt-get install chromium");
    }

    private static Optional<Path> onPath() {
        return NAMES.stream().flatMap(name -> executable(name).stream()).findFirst();
    }

    private static Optional<Path> executable(String name) {
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean run(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        try {
            Process process = builder.start();
            try {
                return process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
