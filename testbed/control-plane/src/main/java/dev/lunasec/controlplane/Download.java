package dev.lunasec.controlplane;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Downloads files over HTTP, resumes a transfer that breaks, and accepts a file only with the SHA-256 sum that the
 * caller knows.
 */
final class Download implements AutoCloseable {
    private static final int ATTEMPTS = 3;
    private static final long TICK_MILLIS = 100;

    private final HttpClient http;
    private final Duration firstAnswer;
    private final Duration silence;

    /**
     * Downloads with these limits.
     *
     * @param firstAnswer the longest time from a request to the status line of the file, redirects included
     * @param silence the longest time without a byte of the file, after which the transfer counts as broken
     */
    Download(Duration firstAnswer, Duration silence) {
        this.firstAnswer = firstAnswer;
        this.silence = silence;
        this.http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /**
     * Downloads a file. A transfer that breaks is resumed twice.
     *
     * @param to a file that does not exist; after an error it does not exist either
     * @throws IOException if the server does not answer in time or not with 200, if the third transfer breaks, or if
     *     the file has another sum; the message is a clause without a full stop
     */
    void fetch(URI from, String sha256, Path to, Progress.Step step) throws IOException, InterruptedException {
        boolean good = false;
        try (Transfer transfer = new Transfer(from, to)) {
            receiveAll(from, transfer, step);
            String sum = transfer.sha256();
            good = sum.equals(sha256);
            if (!good) throw new IOException(from + " has the SHA-256 sum " + sum + " instead of " + sha256);
        } finally {
            if (!good) Files.deleteIfExists(to);
        }
    }

    /** Does not wait for a host name that is still being resolved. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    private void receiveAll(URI from, Transfer transfer, Progress.Step step) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                receiveRest(from, transfer, step);
                return;
            } catch (TransferBroken e) {
                if (attempt == ATTEMPTS) throw e;
                step.detail(e.getMessage() + "; trying again");
            }
        }
    }

    private void receiveRest(URI from, Transfer transfer, Progress.Step step) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(from);
        if (transfer.received() > 0) request.header("Range", "bytes=" + transfer.received() + "-");
        Transfer.Part part = transfer.newPart();
        CompletableFuture<? extends HttpResponse<?>> answer = http.sendAsync(request.build(), part);
        try {
            long lastReceived = -1;
            long lastChange = System.nanoTime();
            while (!isComplete(answer)) {
                part.check();
                long received = part.answered() ? transfer.received() : -1;
                if (received != lastReceived) lastChange = System.nanoTime();
                lastReceived = received;
                checkTime(from, transfer, part, Duration.ofNanos(System.nanoTime() - lastChange));
                if (part.answered()) step.amount(received, transfer.size(), transfer.inWords());
            }
            part.check();
        } catch (ExecutionException e) {
            part.check();
            if (!part.answered()) throw new IOException(from.getHost() + " can't be reached", e);
            throw broken(from, "closed the connection", transfer, e);
        } finally {
            part.end();
            answer.cancel(true);
        }
    }

    private static boolean isComplete(CompletableFuture<?> answer) throws ExecutionException, InterruptedException {
        try {
            answer.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void checkTime(URI from, Transfer transfer, Transfer.Part part, Duration idle) throws IOException {
        if (!part.answered() && idle.compareTo(firstAnswer) >= 0) {
            throw new IOException(from.getHost() + " did not answer within " + firstAnswer.toSeconds() + " s");
        }
        if (part.answered() && idle.compareTo(silence) >= 0) {
            throw broken(from, "sent nothing for " + silence.toSeconds() + " s", transfer, null);
        }
    }

    private static TransferBroken broken(URI from, String how, Transfer transfer, @Nullable Throwable cause) {
        return new TransferBroken(from.getHost() + " " + how + " after " + transfer.inWords(), cause);
    }
}
