package dev.lunasec.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * A load that sends requests at a constant rate, however long the answers take. The latency of a request counts from
 * the time at which it was due, also if it waited for a connection. So an answer that stalls is not counted once, but
 * for each request that it delays.
 */
final class OpenLoop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Requests requests;
    private final Selector selector = Selector.open();
    private final List<KeepAliveConnection> all = new ArrayList<>();
    private final BlockingQueue<KeepAliveConnection> idle;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final Histogram latencies = Latencies.histogram();
    private volatile long measuredFrom;
    private volatile boolean sending = true;

    /** Connects. */
    OpenLoop(int port, int connections, Requests requests) throws IOException {
        this.requests = requests;
        this.idle = new ArrayBlockingQueue<>(connections);
        for (int i = 0; i < connections; i++) all.add(new KeepAliveConnection(i, port, selector));
        idle.addAll(all);
    }

    /**
     * Runs once.
     *
     * @param rate requests per second
     * @param leadIn comes first and is not measured
     * @return latencies in microseconds
     * @throws UnexpectedAnswer at the first answer that is not 200
     */
    Histogram run(int rate, Duration leadIn, Duration measured) throws IOException, InterruptedException {
        FutureTask<Void> receiving = new FutureTask<>(this::receive, null);
        Thread.ofPlatform().name("receiver").daemon().start(receiving);
        long began = System.nanoTime();
        measuredFrom = began + leadIn.toNanos();
        long interval = TimeUnit.SECONDS.toNanos(1) / rate;
        long count = (leadIn.toNanos() + measured.toNanos()) / interval;
        for (long i = 0; i < count && !receiving.isDone(); i++) send(began + i * interval, receiving);
        sending = false;
        var unused = selector.wakeup();
        try {
            receiving.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UncheckedIOException failed ? failed.getCause() : new IOException(e);
        }
        return latencies;
    }

    /** Sends a request when it is due and a connection is idle, unless the receiver has failed. */
    private void send(long due, FutureTask<Void> receiving) throws IOException, InterruptedException {
        for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
            LockSupport.parkNanos(early);
        }
        KeepAliveConnection connection = idle.poll();
        while (connection == null && !receiving.isDone()) connection = idle.poll(100, TimeUnit.MILLISECONDS);
        if (connection == null) return;
        byte[] next = requests.next(connection);
        if (next == null) throw new IOException("there is no request left");
        unanswered.incrementAndGet();
        connection.send(next, due);
    }

    private void receive() {
        try {
            long last = System.nanoTime();
            while (sending || unanswered.get() > 0) {
                int ready = selector.select(this::receive, PATIENCE.toMillis());
                // The sender wakes the selector when it has sent the last request.
                long waited = System.nanoTime() - last;
                if (ready > 0) last = System.nanoTime();
                else if (waited > PATIENCE.toNanos()) throw new IOException("no answer for 30 s");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(SelectionKey key) {
        KeepAliveConnection connection = (KeepAliveConnection) key.attachment();
        try {
            if (!connection.receive()) return;
            long now = System.nanoTime();
            if (connection.status() != 200) throw new UnexpectedAnswer(connection);
            long since = connection.since();
            if (since - measuredFrom >= 0) latencies.recordValue(TimeUnit.NANOSECONDS.toMicros(now - since));
            unanswered.decrementAndGet();
            idle.add(connection);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (KeepAliveConnection connection : all) connection.close();
        selector.close();
    }
}
