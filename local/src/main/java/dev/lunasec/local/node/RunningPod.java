package dev.lunasec.local.node;

import dev.lunasec.controlplane.Folders;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One pod as a process. {@link #step} is called again and again by one thread of the pod's own, and takes it a step
 * further.
 */
final class RunningPod {
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(20);
    /** A running program waits so long for a change of its volumes; with a kubelet it may be a minute. */
    private static final Duration FOLLOW = Duration.ofSeconds(1);

    private final Images images;
    private final Volumes volumes;
    private final ContainerEnvironment environment;
    private final Path folder;
    private final String address;
    private final Pod pod;
    private final Container container;
    private final PodReport report;

    private @Nullable ContainerProcess process;
    private ProbeState startup;
    private ProbeState readiness;
    private ProbeState liveness;
    private boolean started;
    private volatile boolean ready;
    private long notBefore = System.nanoTime();
    private long followAt = System.nanoTime();

    RunningPod(
            KubernetesClient client,
            Images images,
            Volumes volumes,
            URI apiServer,
            Path folder,
            String address,
            Pod pod) {
        this.environment = new ContainerEnvironment(client, apiServer, pod, address);
        this.images = images;
        this.volumes = volumes;
        this.folder = folder;
        this.address = address;
        this.pod = pod;
        this.container = pod.getSpec().getContainers().get(0);
        this.report = new PodReport(container, address);
        this.startup = never();
        this.readiness = never();
        this.liveness = never();
    }

    Pod pod() {
        return pod;
    }

    String address() {
        return address;
    }

    /** Whether a Service may send callers here. */
    boolean ready() {
        return ready;
    }

    /** Starts, restarts, probes and follows the volumes; answers the status as it is after that. */
    PodStatus step() throws IOException {
        if (!report.hasEnded()) {
            try {
                if (process == null || System.nanoTime() - followAt >= 0) writeVolumes();
            } catch (Volumes.Missing | IllegalArgumentException e) {
                if (process == null) report.cannotStart(String.valueOf(e.getMessage()));
            }
            ContainerProcess running = process;
            if (running != null && !running.isAlive()) ended(running);
            else if (running != null) probe(running);
        }
        return report.status(started, ready);
    }

    /** SIGTERM, a wait of at most the grace period, SIGKILL; the files of the pod go too. */
    void stop() throws IOException {
        ready = false;
        ContainerProcess running = process;
        if (running != null) {
            Long grace = pod.getSpec().getTerminationGracePeriodSeconds();
            running.stop(Duration.ofSeconds(grace == null ? 30 : grace));
        }
        process = null;
        Folders.delete(folder);
    }

    /** SIGKILL to the program, as a crash would be. */
    void kill() {
        ContainerProcess running = process;
        if (running != null) running.kill();
    }

    /** Also starts the program, when it does not run and may. */
    private void writeVolumes() throws IOException, Volumes.Missing {
        Map<String, Path> folders = volumes.write(pod, folder.resolve("volumes"));
        followAt = System.nanoTime() + FOLLOW.toNanos();
        if (process == null && System.nanoTime() >= notBefore) start(place(folders));
    }

    private PodPlace place(Map<String, Path> folders) {
        Map<String, Path> paths = new LinkedHashMap<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path path = Objects.requireNonNull(folders.get(mount.getName()), mount.getName());
            paths.put(mount.getMountPath(), mount.getSubPath() == null ? path : path.resolve(mount.getSubPath()));
        }
        if (container.getTerminationMessagePath() != null)
            paths.put(container.getTerminationMessagePath(), ContainerProcess.terminationLog(folder));
        return new PodPlace(address, paths);
    }

    private void start(PodPlace place) throws IOException, Volumes.Missing {
        ContainerProcess running = ContainerProcess.start(images, container, environment, place, folder);
        process = running;
        report.running();
        started = false;
        startup = new ProbeState(container.getStartupProbe(), container, address, running::succeeds, false);
        readiness = new ProbeState(container.getReadinessProbe(), container, address, running::succeeds, false);
        liveness = new ProbeState(container.getLivenessProbe(), container, address, running::succeeds, true);
    }

    private void probe(ContainerProcess running) {
        if (!started) {
            started = startup.ok();
            if (startup.gaveUp()) running.stop(Duration.ofSeconds(5));
            return;
        }
        ready = readiness.ok();
        if (!liveness.ok() && liveness.gaveUp()) running.stop(Duration.ofSeconds(5));
    }

    private void ended(ContainerProcess ended) throws IOException {
        ready = false;
        started = false;
        process = null;
        int exitCode = ended.exitStatus();
        String message = ended.terminationMessage();
        String policy = Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always");
        if (policy.equals("Never") || (policy.equals("OnFailure") && exitCode == 0)) {
            report.ended(exitCode, message);
            return;
        }
        Duration wait =
                Duration.ofMillis(Math.min(LONGEST_BACK_OFF.toMillis(), 500L << Math.min(report.restarts(), 10)));
        notBefore = System.nanoTime() + wait.toNanos();
        report.restarting(exitCode, message, wait);
    }

    private ProbeState never() {
        return new ProbeState(null, container, address, (command, timeout) -> false, false);
    }
}
