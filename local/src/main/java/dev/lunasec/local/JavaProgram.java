package dev.lunasec.local;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines for the Java programs of the system, on the class path of this one. */
final class JavaProgram {
    private JavaProgram() {}

    /** The program's own classes come first, so that its own resources are found and not those of a neighbour. */
    static List<String> command(Class<?> main, List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xshare:auto");
        command.addAll(flags);
        command.addAll(List.of(
                "-cp", home(main) + File.pathSeparator + System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    private static Path home(Class<?> main) {
        try {
            return Path.of(
                    main.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("classes are in a file or a folder", e);
        }
    }
}
