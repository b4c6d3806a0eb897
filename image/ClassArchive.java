import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes an archive (CDS) of classes that are already loaded and linked, and of the lambdas that a start makes. A start
 * takes about three quarters of the processor time that it takes with an archive of the classes alone.
 *
 * <p>The same JDK, jars, paths and list give the same bytes. Java writes only the times of soft references, in
 * milliseconds since the machine started, and checksums over them. Therefore this program makes the archive twice and
 * sets the times and checksums that differ to zero. A soft reference with the time zero counts as unused for a long
 * time, so an early collection may clear it. With {@code -XX:+VerifySharedSpaces} Java rejects the archive, because its
 * checksums are zero.
 */
final class ClassArchive {
    private static final int HEADER_BYTES = 4096;

    /**
     * Java does not start with an archive whose objects do not fit in its first heap. The images take a share of their
     * memory limit ({@code pom.xml}); the least limit of the chart, 128 MiB, gives about 48 MiB.
     */
    private static final String FIRST_HEAP = "-XX:InitialHeapSize=16m";

    private final Path folder;
    private final Path java;
    private final String classPath;
    private final Path archive;

    private ClassArchive(Path folder, Path java, String classPath, Path archive) {
        this.folder = folder;
        this.java = java;
        this.classPath = classPath;
        this.archive = archive;
    }

    /** Arguments: the list of classes, the class path, the archive. The JDK that runs this program makes it. */
    public static void main(String[] args) throws Exception {
        Path java = Path.of(System.getProperty("java.home"));
        make(Path.of("").toAbsolutePath(), java, Path.of(args[0]), args[1], Path.of(args[2]));
    }

    /**
     * Makes an archive, and starts Java with it once.
     *
     * @param folder the one that relative paths begin in, those of the class path included
     * @param java the runtime that will load the archive
     * @param list what {@code image/classes} wrote
     */
    static void make(Path folder, Path java, Path list, String classPath, Path archive)
            throws IOException, InterruptedException {
        ClassArchive made = new ClassArchive(folder, java, classPath, archive);
        long began = System.nanoTime();
        byte[] first = made.dump(list);
        byte[] second = made.dump(list);
        long most = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        Files.write(folder.resolve(archive), withoutTimes(first, second, most));
        made.run(List.of("-Xshare:on", "-XX:+UseSerialGC", FIRST_HEAP), "-version");
    }

    private byte[] dump(Path list) throws IOException, InterruptedException {
        run(List.of(
                "-Xshare:dump",
                "-XX:+AOTClassLinking",
                "-XX:+UseG1GC",
                // A heap that never grows and is never collected, because a collection can change the archive.
                "-Xms1g",
                "-Xmx1g",
                // What the list names and a newer library no longer has only makes the start slower.
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:SharedClassListFile=" + list));
        Path written = folder.resolve(archive);
        byte[] content = Files.readAllBytes(written);
        Files.delete(written);
        return content;
    }

    private void run(List<String> options, String... program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(java.resolve("bin/java").toString());
        command.addAll(options);
        command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-cp", classPath));
        command.addAll(List.of(program));
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().clear();
        int failed = process.directory(folder.toFile()).inheritIO().start().waitFor();
        if (failed != 0) {
            throw new IllegalStateException("The archive of classes could not be made or used: java "
                    + options.getFirst() + " ended with " + failed + ".");
        }
    }

    /**
     * The first of two archives, with zero for each time and checksum that differs.
     *
     * @param most milliseconds that making both took, so the most that a time differs
     */
    private static byte[] withoutTimes(byte[] first, byte[] second, long most) {
        if (first.length != second.length) throw notEqual("their lengths");
        ByteBuffer one = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer other = ByteBuffer.wrap(second).order(ByteOrder.LITTLE_ENDIAN);
        // The checksums are in the header and have four bytes.
        for (int at = 0; at < HEADER_BYTES; at += Integer.BYTES) {
            if (one.getInt(at) != other.getInt(at)) one.putInt(at, 0);
        }
        for (int at = HEADER_BYTES; at < first.length; at += Long.BYTES) {
            long time = one.getLong(at);
            long later = other.getLong(at);
            if (time == later) continue;
            if (time < 0 || later < time || later - time > most) throw notEqual("the word at " + at);
            one.putLong(at, 0);
        }
        return first;
    }

    private static IllegalStateException notEqual(String what) {
        return new IllegalStateException("Two archives of the same classes differ in more than times: in " + what
                + ". Images would not be reproducible. Perhaps this JDK writes archives in another way.");
    }
}
