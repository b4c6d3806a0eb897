package dev.lunasec.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The body of an answer, with the deadline of the whole call: the timeouts of Java's client cover the headers only. */
final class TimedBody extends FilterInputStream {
    private final CompletableFuture<Void> read = new CompletableFuture<>();
    private volatile boolean late;

    private TimedBody(InputStream body, Duration left) {
        super(body);
        var unused = read.orTimeout(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS)
                .exceptionally(tooLate -> {
                    late = true;
                    abort();
                    return null;
                });
    }

    /**
     * Sends a request.
     *
     * @param deadline for the whole answer, to its last byte
     * @throws HttpTimeoutException when the headers are late; reading the body throws it when the body is late
     */
    static Answer<InputStream> send(HttpClient http, HttpRequest.Builder request, Duration deadline)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        HttpResponse<InputStream> head = http.send(request.timeout(deadline).build(), BodyHandlers.ofInputStream());
        Duration taken = Duration.ofNanos(System.nanoTime() - began);
        return Answer.of(head, new TimedBody(head.body(), deadline.minus(taken)));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return in.read(into, offset, length);
        } catch (IOException e) {
            throw late ? new HttpTimeoutException("the answer did not end in time") : e;
        }
    }

    @Override
    public void close() throws IOException {
        read.complete(null);
        in.close();
    }

    /** Makes a thread that waits in {@link #read()} fail with an {@link IOException}. */
    private void abort() {
        try {
            in.close();
        } catch (IOException e) {
            // The reader fails all the same.
        }
    }
}
