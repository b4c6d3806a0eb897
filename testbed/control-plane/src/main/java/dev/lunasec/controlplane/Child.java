package dev.lunasec.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that ends with this JVM, also when that is killed: a shell beside it waits on a pipe that only this JVM
 * holds open, and ends the program when the pipe closes.
 */
public final class Child {
    /** The program in the background, its number on the first line, and a wait for either end. */
    private static final String WATCH = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            child=$!
            echo $child >&4
            exec 4>&-
            (read -r _ <&3; kill -9 $child 2>/dev/null) &
            watch=$!
            exec 3<&-
            wait $child
            status=$?
            kill $watch 2>/dev/null
            exit $status
            """;

    private final String name;
    private final Path log;
    private final Process shell;
    private final ProcessHandle program;

    private Child(String name, Path log, Process shell, ProcessHandle program) {
        this.name = name;
        this.log = log;
        this.shell = shell;
        this.program = program;
    }

    /**
     * Starts a program.
     *
     * @param environment on top of this JVM's own
     * @param log takes what it prints
     */
    public static Child start(String name, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        return start(WATCH, name, command, environment, log);
    }

    /**
     * Starts a program that does not end at Ctrl-C, as other programs do because their shell ends: it lives until the
     * JVM ends it, for example together with the processes that it started.
     */
    public static Child startIgnoringInterrupts(
            String name, List<String> command, Map<String, String> environment, Path log) throws IOException {
        return start("trap '' INT\n" + WATCH, name, command, environment, log);
    }

    private static Child start(
            String script, String name, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        Path number = Files.createTempFile(log.toAbsolutePath().getParent(), name, ".pid");
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "exec 4>\"$0\"\n" + script, number.toString()));
        shell.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(shell)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            return new Child(name, log, process, program(process, number));
        } finally {
            Files.deleteIfExists(number);
        }
    }

    private static ProcessHandle program(Process shell, Path number) throws IOException {
        for (long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                System.nanoTime() < end;
                Thread.onSpinWait()) {
            String text = Files.readString(number);
            if (text.endsWith("\n")) {
                return ProcessHandle.of(Long.parseLong(text.strip())).orElseGet(shell::toHandle);
            }
        }
        shell.destroyForcibly();
        throw new IOException("the program could not be started");
    }

    public String name() {
        return name;
    }

    public boolean isAlive() {
        return shell.isAlive();
    }

    /** The process number of the program itself. */
    public long pid() {
        return program.pid();
    }

    /** The exit status, 128 or more if a signal ended it; only after its end. */
    public int exitStatus() {
        return shell.exitValue();
    }

    /** Waits for the end, and returns whether it ended in time. */
    public boolean waitFor(Duration atMost) throws InterruptedException {
        return shell.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Sends SIGTERM, and SIGKILL after the grace period. */
    public void stop(Duration grace) {
        program.destroy();
        try {
            if (waitFor(grace)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** SIGKILL. */
    public void kill() {
        program.destroyForcibly();
        try {
            shell.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * SIGKILL to the program and to the processes that it started, and a wait of at most five seconds for their end.
     */
    public void killTree() {
        // A stopped program starts no further process while these are collected.
        if (program.isAlive()) signal("STOP");
        List<ProcessHandle> started = program.descendants().toList();
        kill();
        started.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture.allOf(Stream.concat(Stream.of(program), started.stream())
                        .map(ProcessHandle::onExit)
                        .toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, 5, TimeUnit.SECONDS)
                .join();
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(program.pid()))
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new IllegalStateException("every system that this runs on has kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last lines that it printed. */
    public String lastLines(int lines) {
        try {
            List<String> all = Files.readAllLines(log);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }
}
