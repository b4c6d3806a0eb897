package dev.lunasec.tokenizer.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A control group of Linux, version 1 or 2, with a limit of memory, as a container has one. Only root can make one. */
final class MemoryLimit implements AutoCloseable {
    private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/memory");
    private static final Path VERSION_2 = Path.of("/sys/fs/cgroup");

    private final boolean first = Files.isDirectory(VERSION_1);
    private final Path group;

    /** @param bytes the limit */
    MemoryLimit(long bytes) throws IOException {
        group = (first ? VERSION_1 : VERSION_2)
                .resolve("tokenizer-memory-" + ProcessHandle.current().pid());
        Files.createDirectory(group);
        Files.writeString(group.resolve(first ? "memory.limit_in_bytes" : "memory.max"), Long.toString(bytes));
    }

    /** The command, run in the group. */
    List<String> command(List<String> command) {
        return Stream.concat(
                        Stream.of("sh", "-c", "echo $$ >" + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh"),
                        command.stream())
                .toList();
    }

    /** What the kernel cannot take back, in bytes: all memory of the group but cached files. */
    long used() throws IOException {
        long used = Long.parseLong(Files.readString(group.resolve(first ? "memory.usage_in_bytes" : "memory.current"))
                .strip());
        for (String line : Files.readAllLines(group.resolve("memory.stat"))) {
            if (line.startsWith("active_file ") || line.startsWith("inactive_file ")) {
                used -= Long.parseLong(line.substring(line.indexOf(' ') + 1));
            }
        }
        return used;
    }

    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
