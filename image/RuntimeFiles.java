import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes what an image holds beside its jars: {@code java/}, a runtime cut to the modules that are used, {@code
 * app/classes.jsa}, an archive of the classes that a start loads and links, and {@code app/class-path}, the class path
 * that the archive is good for.
 *
 * <p>The same sources and JDK give the same bytes. So all of it is made in a folder that has the same name on every
 * machine: which of the JDK's own methods ran while the archive was made depends on the hashes of the jars' paths, and
 * shows in the archive. {@link ClassArchive} removes the other differences.
 */
public final class RuntimeFiles {
    private static final String MODULES = String.join(
            ",",
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.security.jgss",
            "java.xml",
            "jdk.management",
            "jdk.net",
            "jdk.unsupported");

    /** What Jib stamps files with; the JVM takes an archive only for jars of the same time and size. */
    private static final FileTime STAMP = FileTime.fromMillis(1000);

    private RuntimeFiles() {}

    /**
     * Arguments: the image's name, the list of classes, the program's jar, its class path (classes first), the folder
     * for the results.
     */
    public static void main(String[] args) throws Exception {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IllegalStateException(
                    "The image holds the runtime of the machine that builds it; build it on Linux.");
        }
        Path results = Path.of(args[4]);
        Path stage = stage(args[0]);
        try {
            runtime(stage.resolve("java"));
            String classPath = jars(stage, Path.of(args[2]), args[3].split(File.pathSeparator));
            Path classes = Files.copy(Path.of(args[1]), stage.resolve("classes"));
            ClassArchive.make(stage, stage.resolve("java"), classes, classPath, Path.of("classes.jsa"));
            move(stage.resolve("java"), results.resolve("java"));
            move(stage.resolve("classes.jsa"), results.resolve("app/classes.jsa"));
            Files.writeString(results.resolve("app/class-path"), classPath.replaceAll("(^|:)app/", "$1/app/"));
        } finally {
            delete(stage);
        }
    }

    private static Path stage(String name) throws IOException {
        Path stage = Path.of("/tmp", name + "-image");
        try {
            return Files.createDirectory(
                    stage, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw new IllegalStateException(
                    stage + " is there: this image is being built, or a build was killed; delete it then.");
        }
    }

    private static void runtime(Path java) throws IOException {
        int failed = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IllegalStateException("This JDK has no jlink; install a whole one."))
                .run(
                        System.out,
                        System.err,
                        "--add-modules",
                        MODULES,
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        java.toString());
        if (failed != 0) throw new IllegalStateException("jlink ended with " + failed + ".");
        Files.setLastModifiedTime(java.resolve("lib/modules"), STAMP);
    }

    /** Lays the jars out as Jib does. */
    private static String jars(Path stage, Path program, String[] classPath) throws IOException {
        List<String> entries = new ArrayList<>();
        entries.add(jar(stage, program, "app/classpath"));
        for (int i = 1; i < classPath.length; i++) entries.add(jar(stage, Path.of(classPath[i]), "app/libs"));
        return String.join(":", entries);
    }

    private static String jar(Path stage, Path jar, String folder) throws IOException {
        if (!Files.isRegularFile(jar))
            throw new IllegalStateException(jar + " is no jar; build with the goal package.");
        String entry = folder + "/" + jar.getFileName();
        Files.createDirectories(stage.resolve(folder));
        // Fails when two have one name, which Jib would change.
        Files.setLastModifiedTime(Files.copy(jar, stage.resolve(entry)), STAMP);
        return entry;
    }

    private static void move(Path from, Path to) throws IOException {
        delete(to);
        Files.createDirectories(to.getParent());
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) Files.copy(file, to.resolve(from.relativize(file)), REPLACE_EXISTING);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
