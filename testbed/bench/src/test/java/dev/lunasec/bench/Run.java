package dev.lunasec.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** One run of a program of {@code .ci/bench}: a folder for files and logs, and a vault that uses it. */
final class Run {
    private Run() {}

    /** What the program does. */
    interface Program {
        void run(VaultProcess vault, Servers servers, Path work) throws Exception;
    }

    /** Starts a vault, and ends it after the program. After a failure, the logs stay. */
    static void of(Parameters parameters, Program program) throws Exception {
        Path work = parameters.results().resolve("work");
        delete(work);
        Files.createDirectories(work);
        try (VaultProcess vault = new VaultProcess(work)) {
            program.run(vault, new Servers(parameters, vault, work), work);
        }
        delete(work);
    }

    /** Says how far the program is. */
    static void say(String format, Object... values) {
        System.err.println(String.format(Locale.ROOT, format, values));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
