package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What the node reports about a pod: it is told each transition of the container and builds the status from them. */
final class PodReport {
    private static final int LONGEST_MESSAGE = 4096;

    private final Container container;
    private final String address;
    private final Instant startTime = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private int restarts;
    private ContainerState state = waiting("ContainerCreating", "");
    private ContainerState lastState = new ContainerState();
    private @Nullable String endedAs;
    private String startedAt = "";

    PodReport(Container container, String address) {
        this.container = container;
        this.address = address;
    }

    /** The container waits for something that its start needs. */
    void cannotStart(String why) {
        state = waiting("CreateContainerConfigError", why);
    }

    /** The container has started just now. */
    void running() {
        startedAt = now();
        state = new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(startedAt)
                .endRunning()
                .build();
    }

    /** The container has ended just now, and the pod with it. */
    void ended(int exitCode, String message) {
        state = terminated(exitCode, message);
        endedAs = exitCode == 0 ? "Succeeded" : "Failed";
    }

    /** The container has ended just now and restarts after a wait. */
    void restarting(int exitCode, String message, Duration wait) {
        lastState = terminated(exitCode, message);
        restarts++;
        state = waiting("CrashLoopBackOff", "restarting in " + wait.toMillis() + " ms");
    }

    /** Whether the pod has ended, so that its container does not restart. */
    boolean hasEnded() {
        return endedAs != null;
    }

    int restarts() {
        return restarts;
    }

    /** The status of the pod, as the API server gets it. */
    PodStatus status(boolean started, boolean ready) {
        boolean running = state.getRunning() != null;
        String is = ready ? "True" : "False";
        return new PodStatusBuilder()
                .withPhase(endedAs != null ? endedAs : running || restarts > 0 ? "Running" : "Pending")
                .withHostIP("127.0.0.1")
                .withPodIP(address)
                .addNewPodIP(address)
                .withStartTime(startTime.toString())
                .addToConditions(condition("PodScheduled", "True"), condition("Initialized", "True"))
                .addToConditions(condition("ContainersReady", is), condition("Ready", is))
                .addNewContainerStatus()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("local://" + container.getImage())
                .withReady(ready)
                .withStarted(started)
                .withRestartCount(restarts)
                .withState(state)
                .withLastState(lastState)
                .endContainerStatus()
                .build();
    }

    private ContainerState terminated(int exitCode, String message) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withReason(exitCode == 0 ? "Completed" : "Error")
                .withMessage(
                        message.isEmpty() ? null : message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
                .withStartedAt(startedAt)
                .withFinishedAt(now())
                .endTerminated()
                .build();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .endWaiting()
                .build();
    }

    private static PodCondition condition(String type, String is) {
        return new PodConditionBuilder().withType(type).withStatus(is).build();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
