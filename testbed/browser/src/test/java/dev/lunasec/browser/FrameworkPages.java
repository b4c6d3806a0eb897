package dev.lunasec.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The pages of {@code src/test/npm}, which Node.js and npm build in {@code target/npm} with the web components as npm
 * packs them.
 */
final class FrameworkPages {
    private static final Path SOURCES = Path.of("src/test/npm");
    private static final Path FOLDER = Path.of("target/npm");
    private static final Path LOG = FOLDER.resolve("build.log");
    private static final Path COMPONENTS = Path.of("../../frame");
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int SHOWN_LINES = 40;

    private FrameworkPages() {}

    /**
     * Builds them.
     *
     * @return the scripts, and what a server renders, by the name of the file
     * @throws IllegalStateException when Node.js is missing, or the types or the build are wrong
     */
    static Map<String, String> build() throws IOException {
        deleteOldBuild();
        copySources();
        npm("pack", "--silent", COMPONENTS.toRealPath().toString());
        npm("ci");
        npm("run", "check");
        npm("run", "build");
        Map<String, String> built = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER.resolve("dist"))) {
            for (Path file : files.toList()) built.put(file.getFileName().toString(), Files.readString(file));
        }
        return built;
    }

    private static void deleteOldBuild() throws IOException {
        if (!Files.exists(FOLDER)) return;
        try (Stream<Path> old = Files.walk(FOLDER)) {
            for (Path path : old.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    private static void copySources() throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source : sources.toList()) {
                Files.copy(source, FOLDER.resolve(SOURCES.relativize(source).toString()));
            }
        }
    }

    private static void npm(String... arguments) throws IOException {
        List<String> command =
                Stream.concat(Stream.of("npm"), Stream.of(arguments)).toList();
        Process process = start(command);
        try {
            boolean isOver = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
            if (isOver && process.exitValue() == 0) return;
            List<String> lines = Files.readAllLines(LOG);
            List<String> last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
            String how = isOver ? "failed" : "took over " + LONGEST.toMinutes() + " minutes";
            throw new IllegalStateException(String.join(" ", command) + " " + how + ":\n" + String.join("\n", last));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "npm is missing, which builds the pages of React and Vue;"
                            + " install Node.js 20.19 or later with npm, for example with: apt-get install nodejs npm",
                    e);
        }
    }
}
