package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One probe of a container and what it has seen so far: HTTP GET, TCP and commands, as a kubelet does them. */
final class ProbeState {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** Runs a command as in the container. */
    interface Exec {
        /** Whether it ended well, and in time. */
        boolean succeeds(List<String> command, Duration timeout) throws IOException, InterruptedException;
    }

    private final @Nullable Probe probe;
    private final Container container;
    private final String address;
    private final Exec exec;
    private long due;
    private int successes;
    private int failures;
    private boolean ok;

    /** @param probe null for one that is always content */
    ProbeState(@Nullable Probe probe, Container container, String address, Exec exec, boolean okAtFirst) {
        this.probe = probe;
        this.container = container;
        this.address = address;
        this.exec = exec;
        this.ok = probe == null || okAtFirst;
        this.due = System.nanoTime() + seconds(probe == null ? null : probe.getInitialDelaySeconds(), 0);
    }

    /** Whether it is content, after looking again if that is due. */
    boolean ok() {
        if (probe == null || System.nanoTime() < due) return ok;
        boolean success = look(probe);
        due = System.nanoTime() + seconds(probe.getPeriodSeconds(), 10);
        successes = success ? successes + 1 : 0;
        failures = success ? 0 : failures + 1;
        if (successes >= Objects.requireNonNullElse(probe.getSuccessThreshold(), 1)) ok = true;
        if (failures >= Objects.requireNonNullElse(probe.getFailureThreshold(), 3)) ok = false;
        return ok;
    }

    /** Whether it failed so often that the container is to be restarted. */
    boolean gaveUp() {
        return probe != null && failures >= Objects.requireNonNullElse(probe.getFailureThreshold(), 3);
    }

    private boolean look(Probe probe) {
        Duration timeout = Duration.ofSeconds(Objects.requireNonNullElse(probe.getTimeoutSeconds(), 1));
        try {
            if (probe.getHttpGet() != null) {
                URI uri = URI.create(
                        "http://" + address + ":" + port(probe.getHttpGet().getPort())
                                + probe.getHttpGet().getPath());
                int status = HTTP.send(
                                HttpRequest.newBuilder(uri).timeout(timeout).build(), BodyHandlers.discarding())
                        .statusCode();
                return status >= 200 && status < 400;
            }
            if (probe.getTcpSocket() != null) {
                try (Socket socket = new Socket()) {
                    socket.connect(
                            new InetSocketAddress(
                                    address, port(probe.getTcpSocket().getPort())),
                            (int) timeout.toMillis());
                    return true;
                }
            }
            return probe.getExec() != null && exec.succeeds(probe.getExec().getCommand(), timeout);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private int port(IntOrString port) {
        if (port.getIntVal() != null) return port.getIntVal();
        return container.getPorts().stream()
                .filter(p -> port.getStrVal().equals(p.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no port is named " + port.getStrVal()))
                .getContainerPort();
    }

    private static long seconds(@Nullable Integer seconds, int otherwise) {
        return Duration.ofSeconds(Objects.requireNonNullElse(seconds, otherwise))
                .toNanos();
    }
}
