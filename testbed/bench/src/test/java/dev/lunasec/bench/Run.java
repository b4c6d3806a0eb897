package dev.lunasec.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** One run of a program of {@code .ci/bench}: a folder for files and logs, and a vault that uses it. */
final class Run {
    private Run() {}

    /** What the program does. */
    interface Program {
        void run(VaultProcess vault, Servers servers, Path work) throws Exception;
    }

    /** What a program with several vaults does. */
    interface Comparing {
        void run(List<VaultProcess> vaults, Path work) throws Exception;
    }

    /** Starts a vault, and ends it after the program. After a failure, the logs stay. */
    static void of(Parameters parameters, Program program) throws Exception {
        of(parameters, List.of(HostedVault.USUAL), (vaults, work) -> {
            VaultProcess vault = vaults.getFirst();
            program.run(vault, new Servers(parameters, vault, work), work);
        });
    }

    /** The same with other vaults. */
    static void of(Parameters parameters, List<HostedVault> hosted, Comparing program) throws Exception {
        Path work = parameters.results().resolve("work");
        delete(work);
        Files.createDirectories(work);
        try (HostProcess host = new HostProcess(work, hosted)) {
            program.run(host.vaults(), work);
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
