package dev.lunasec.local.node;

import dev.lunasec.contract.EnvironmentVariables;
import dev.lunasec.controlplane.Child;
import dev.lunasec.controlplane.Folders;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One pod as a process. {@link #step} is called again and again by one thread of the pod's own, and takes it a step further.
 */
final class RunningPod {
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(20);
    private static final int LONGEST_MESSAGE = 4096;
    private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    private final KubernetesClient client;
    private final Images images;
    private final Volumes volumes;
    private final URI apiServer;
    private final Path folder;
    private final String address;
    private final Pod pod;
    private final Container container;
    private final Instant startTime = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private @Nullable Child process;
    private ProbeState startup;
    private ProbeState readiness;
    private ProbeState liveness;
    private boolean started;
    private volatile boolean ready;
    private int restarts;
    private long notBefore = System.nanoTime();
    private ContainerState state = waiting("ContainerCreating", "");
    private ContainerState lastState = new ContainerState();
    private @Nullable String endedAs;
    private String startedAt = "";

    RunningPod(
            KubernetesClient client,
            Images images,
            Volumes volumes,
            URI apiServer,
            Path folder,
            String address,
            Pod pod) {
        this.client = client;
        this.images = images;
        this.volumes = volumes;
        this.apiServer = apiServer;
        this.folder = folder;
        this.address = address;
        this.pod = pod;
        this.container = pod.getSpec().getContainers().get(0);
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
        if (endedAs == null) {
            try {
                Map<String, Path> folders = volumes.write(pod, folder.resolve("volumes"));
                if (process == null && System.nanoTime() >= notBefore) start(place(folders));
            } catch (Volumes.Missing | IllegalArgumentException e) {
                if (process == null) state = waiting("CreateContainerConfigError", String.valueOf(e.getMessage()));
            }
            Child running = process;
            if (running != null && !running.isAlive()) ended(running);
            else if (running != null) probe(running);
        }
        return status();
    }

    /** SIGTERM, a wait of at most the grace period, SIGKILL; the files of the pod go too. */
    void stop() throws IOException {
        ready = false;
        Child running = process;
        if (running != null) {
            Long grace = pod.getSpec().getTerminationGracePeriodSeconds();
            running.stop(Duration.ofSeconds(grace == null ? 30 : grace));
        }
        process = null;
        Folders.delete(folder);
    }

    /** SIGKILL to the program, as a crash would be. */
    void kill() {
        Child running = process;
        if (running != null) running.kill();
    }

    private PodPlace place(Map<String, Path> folders) {
        Map<String, Path> paths = new LinkedHashMap<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path path = Objects.requireNonNull(folders.get(mount.getName()), mount.getName());
            paths.put(mount.getMountPath(), mount.getSubPath() == null ? path : path.resolve(mount.getSubPath()));
        }
        if (container.getTerminationMessagePath() != null)
            paths.put(container.getTerminationMessagePath(), terminationLog());
        return new PodPlace(address, paths);
    }

    private void start(PodPlace place) throws IOException, Volumes.Missing {
        List<String> arguments = new ArrayList<>();
        for (String argument : container.getCommand()) arguments.add(place.translate(argument));
        for (String argument : container.getArgs()) arguments.add(place.translate(argument));
        Images.Program program = images.program(container.getImage(), arguments, place);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(EnvironmentVariables.KUBERNETES_SERVICE_HOST, apiServer.getHost());
        environment.put(EnvironmentVariables.KUBERNETES_SERVICE_PORT, Integer.toString(apiServer.getPort()));
        for (EnvVar variable : container.getEnv())
            environment.put(variable.getName(), place.translate(value(variable)));
        environment.putAll(program.environment());
        Files.deleteIfExists(terminationLog());
        process = Child.start(container.getName(), program.command(), environment, folder.resolve("log"));
        startedAt = now();
        state = new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(startedAt)
                .endRunning()
                .build();
        started = false;
        ProbeState.Exec exec = (command, timeout) -> succeeds(place, command, timeout);
        startup = new ProbeState(container.getStartupProbe(), container, address, exec, false);
        readiness = new ProbeState(container.getReadinessProbe(), container, address, exec, false);
        liveness = new ProbeState(container.getLivenessProbe(), container, address, exec, true);
    }

    private boolean succeeds(PodPlace place, List<String> command, Duration timeout)
            throws IOException, InterruptedException {
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

    private void probe(Child running) {
        if (!started) {
            started = startup.ok();
            if (startup.gaveUp()) running.stop(Duration.ofSeconds(5));
            return;
        }
        ready = readiness.ok();
        if (!liveness.ok() && liveness.gaveUp()) running.stop(Duration.ofSeconds(5));
    }

    private void ended(Child ended) throws IOException {
        ready = false;
        started = false;
        process = null;
        int exitCode = ended.exitStatus();
        String message = Files.exists(terminationLog()) ? Files.readString(terminationLog()) : "";
        ContainerState terminated = new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withReason(exitCode == 0 ? "Completed" : "Error")
                .withMessage(
                        message.isEmpty() ? null : message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
                .withStartedAt(startedAt)
                .withFinishedAt(now())
                .endTerminated()
                .build();
        String policy = Objects.requireNonNullElse(pod.getSpec().getRestartPolicy(), "Always");
        if (policy.equals("Never") || (policy.equals("OnFailure") && exitCode == 0)) {
            endedAs = exitCode == 0 ? "Succeeded" : "Failed";
            state = terminated;
            return;
        }
        lastState = terminated;
        Duration wait = Duration.ofMillis(Math.min(LONGEST_BACK_OFF.toMillis(), 500L << Math.min(restarts, 10)));
        notBefore = System.nanoTime() + wait.toNanos();
        restarts++;
        state = waiting("CrashLoopBackOff", "restarting in " + wait.toMillis() + " ms");
    }

    private PodStatus status() {
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

    private io.fabric8.kubernetes.api.model.PodCondition condition(String type, String is) {
        return new PodConditionBuilder().withType(type).withStatus(is).build();
    }

    private String value(EnvVar variable) throws Volumes.Missing {
        EnvVarSource from = variable.getValueFrom();
        if (from == null) return Objects.requireNonNullElse(variable.getValue(), "");
        if (from.getFieldRef() != null) {
            String path = from.getFieldRef().getFieldPath();
            return switch (path) {
                case "metadata.name" -> pod.getMetadata().getName();
                case "metadata.namespace" -> pod.getMetadata().getNamespace();
                case "metadata.uid" -> pod.getMetadata().getUid();
                case "spec.nodeName" -> Node.NAME;
                case "status.podIP" -> address;
                default -> entry(path);
            };
        }
        if (from.getSecretKeyRef() == null) {
            throw new IllegalArgumentException("The local node can't find the value of " + variable.getName() + ".");
        }
        String name = from.getSecretKeyRef().getName();
        String key = from.getSecretKeyRef().getKey();
        Secret secret = client.secrets()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        String data = secret == null || secret.getData() == null
                ? null
                : secret.getData().get(key);
        if (data == null) throw new Volumes.Missing("Secret " + name + " with the key " + key + " is not there.");
        return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }

    /** {@code metadata.labels['key']} or {@code metadata.annotations['key']}; empty where there is none. */
    private String entry(String path) {
        Matcher entry = ENTRY.matcher(path);
        if (!entry.matches()) throw new IllegalArgumentException("The local node knows no field " + path + ".");
        Map<String, String> entries = entry.group(1).equals("labels")
                ? pod.getMetadata().getLabels()
                : pod.getMetadata().getAnnotations();
        return entries == null ? "" : entries.getOrDefault(entry.group(2), "");
    }

    private Path terminationLog() {
        return folder.resolve("termination-log");
    }

    private ProbeState never() {
        return new ProbeState(null, container, address, (command, timeout) -> false, false);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static ContainerState waiting(String reason, String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message.isEmpty() ? null : message)
                .endWaiting()
                .build();
    }
}
