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

/** The programs of this machine that the tests use, and their installation. */
final class Programs {
    private static final Duration LONGEST_INSTALLATION = Duration.ofMinutes(10);

    private Programs() {}

    /** The first of some programs that is on the path. */
    static Optional<Path> find(List<String> names) {
        return names.stream().flatMap(name -> onPath(name).stream()).findFirst();
    }

    /**
     * The same. If there is none, it installs a package of Debian first, if this process is root's.
     *
     * @return empty when it could not be installed
     */
    static Optional<Path> findOrInstall(List<String> names, String debianPackage) {
        Optional<Path> found = find(names);
        if (found.isPresent() || !install(debianPackage)) return found;
        return find(names);
    }

    /**
     * Runs a command to its end.
     *
     * @return whether it succeeded in time
     */
    static boolean run(Duration longest, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        try {
            Process process = builder.start();
            try {
                return process.waitFor(longest.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
            }
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A folder for what is built once: {@code testbed} in the cache of the user. */
    static Path cache() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path folder =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return folder.resolve("testbed");
    }

    private static boolean install(String debianPackage) {
        return "root".equals(System.getProperty("user.name"))
                && onPath("apt-get").isPresent()
                && run(LONGEST_INSTALLATION, List.of("apt-get", "update", "-q"))
                && run(
                        LONGEST_INSTALLATION,
                        List.of("apt-get", "install", "-q", "-y", "--no-install-recommends", debianPackage));
    }

    private static Optional<Path> onPath(String name) {
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
