package dev.lunasec.local.node;

import dev.lunasec.controlplane.Child;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program of a container as a process of this machine. A restart of the container is a new object. */
final class ContainerProcess {
    private final Images images;
    private final Container container;
    private final PodPlace place;
    private final Path folder;
    private final Child process;

    private ContainerProcess(Images images, Container container, PodPlace place, Path folder, Child process) {
        this.images = images;
        this.container = container;
        this.place = place;
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts the program of the container's image.
     *
     * @param folder the folder of the pod, for the log and the termination log
     * @throws IllegalArgumentException when there is no such image
     * @throws Volumes.Missing when a variable comes from a Secret that is not there
     */
    static ContainerProcess start(
            Images images, Container container, ContainerEnvironment environment, PodPlace place, Path folder)
            throws IOException, Volumes.Missing {
        List<String> arguments = new ArrayList<>();
        for (String argument : container.getCommand()) arguments.add(place.translate(argument));
        for (String argument : container.getArgs()) arguments.add(place.translate(argument));
        Images.Program program = images.program(container.getImage(), arguments, place);
        Map<String, String> variables = environment.variables(container, place);
        variables.putAll(program.environment());
        Files.deleteIfExists(terminationLog(folder));
        Child process = Child.start(container.getName(), program.command(), variables, folder.resolve("log"));
        return new ContainerProcess(images, container, place, folder, process);
    }

    /** The file of this machine that is the container's termination log. */
    static Path terminationLog(Path folder) {
        return folder.resolve("termination-log");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Runs a command beside the program, as in its container. It answers whether the command ended with 0, and in time.
     */
    boolean succeeds(List<String> command, Duration timeout) throws IOException, InterruptedException {
        List<String> translated = command.stream().map(place::translate).toList();
        Images.Program program = images.inside(container.getImage(), translated, place);
        ProcessBuilder builder = new ProcessBuilder(program.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(program.environment());
        Process started = builder.start();
        try {
            return started.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS) && started.exitValue() == 0;
        } finally {
            started.descendants().forEach(ProcessHandle::destroyForcibly);
            started.destroyForcibly();
        }
    }

    /** SIGTERM, a wait of at most the grace period, SIGKILL. */
    void stop(Duration grace) {
        process.stop(grace);
    }

    /** SIGKILL. */
    void kill() {
        process.kill();
    }

    int exitStatus() {
        return process.exitStatus();
    }

    /** What the program wrote into its termination log; empty when it wrote nothing. */
    String terminationMessage() throws IOException {
        Path log = terminationLog(folder);
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
