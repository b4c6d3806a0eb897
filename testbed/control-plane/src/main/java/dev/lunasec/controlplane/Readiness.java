package dev.lunasec.controlplane;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Deque;

/** Waits until the API server answers, and ends the wait as soon as one of the programs ends. */
final class Readiness {
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private final URI apiServer;
    private final Credentials credentials;
    private final Deque<Child> children;

    /**
     * Waits for an API server.
     *
     * @param children the programs that were started, the last one first; more may be added later
     */
    Readiness(URI apiServer, Credentials credentials, Deque<Child> children) {
        this.apiServer = apiServer;
        this.credentials = credentials;
        this.children = children;
    }

    /**
     * Waits until all of these paths answer 200.
     *
     * @throws ControlPlaneException if a program ends or two minutes are over, with the end of its log, or if the
     *     thread is interrupted
     */
    void await(String... paths) {
        for (long end = System.nanoTime() + READY.toNanos(); System.nanoTime() < end; ) {
            for (Child child : children) {
                if (!child.isAlive()) {
                    throw new ControlPlaneException(child.name() + " ended at once:\n" + child.lastLines(5));
                }
            }
            try {
                if (answers(paths)) return;
                Thread.sleep(BETWEEN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ControlPlaneException("The start was interrupted.", e);
            }
        }
        Child last = children.getFirst();
        throw new ControlPlaneException(
                last.name() + " is not ready after " + READY.toSeconds() + " s:\n" + last.lastLines(5));
    }

    private boolean answers(String... paths) throws InterruptedException {
        if (!Files.exists(credentials.certificate())) return false;
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(PinnedCertificate.context(credentials.certificate()))
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            for (String path : paths) {
                if (http.send(request(path), BodyHandlers.discarding()).statusCode() != 200) return false;
            }
            return true;
        } catch (IOException | GeneralSecurityException e) {
            return false;
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(apiServer.resolve(path))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", "Bearer " + credentials.token(ControlPlane.ADMIN))
                .build();
    }
}
