package dev.lunasec.bench;

import dev.lunasec.bench.Window.Counters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A load of connections that each send the next request when they have the answer to the last one. One thread serves
 * all of them. Any answer other than 200 ends it.
 */
final class ClosedLoop {
    private static final long PATIENCE_MILLIS = 30_000;

    private final Requests requests;
    private final Supplier<Counters> counters;
    private final long leadIn;
    private final long measured;
    private final Histogram micros = Latencies.histogram();
    private boolean measuring;
    private boolean over;
    private long began = System.nanoTime();
    private long ended;
    private int unanswered;
    private Counters before = Counters.NONE;
    private Counters after = Counters.NONE;

    /**
     * Not running.
     *
     * @param counters read at the beginning and at the end of the measured time
     * @param leadIn runs first and is not measured
     */
    ClosedLoop(Requests requests, Supplier<Counters> counters, Duration leadIn, Duration measured) {
        this.requests = requests;
        this.counters = counters;
        this.leadIn = leadIn.toNanos();
        this.measured = measured.toNanos();
    }

    /** Sends all requests that there are, without a limit of time. */
    static void sendAll(int port, int connections, Requests requests) throws IOException {
        Duration day = Duration.ofDays(1);
        var unused = new ClosedLoop(requests, () -> Counters.NONE, day, day).run(port, connections);
    }

    /**
     * Runs until the time is over or no connection has a request left, whichever is first.
     *
     * @throws UnexpectedAnswer at the first answer that is not 200
     */
    Window run(int port, int connections) throws IOException {
        List<KeepAliveConnection> open = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) open.add(new KeepAliveConnection(i, port, selector));
            began = System.nanoTime();
            for (KeepAliveConnection connection : open) send(connection);
            while (unanswered > 0) {
                if (selector.select(this::receive, PATIENCE_MILLIS) == 0) throw new IOException("no answer for 30 s");
                tick();
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            for (KeepAliveConnection connection : open) connection.close();
        }
        if (measuring) end();
        return new Window(micros.getTotalCount(), Duration.ofNanos(ended - began), after.since(before), micros);
    }

    private void receive(SelectionKey key) {
        KeepAliveConnection connection = (KeepAliveConnection) key.attachment();
        try {
            if (!connection.receive()) return;
            unanswered--;
            if (connection.status() != 200) throw new UnexpectedAnswer(connection);
            if (measuring) micros.recordValue(Latencies.since(connection.since()));
            requests.answered(connection);
            send(connection);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(KeepAliveConnection connection) throws IOException {
        byte[] next = over ? null : requests.next(connection);
        if (next == null) return;
        unanswered++;
        connection.send(next, System.nanoTime());
    }

    private void tick() {
        long now = System.nanoTime();
        if (!measuring && !over && now - began >= leadIn) {
            before = counters.get();
            measuring = true;
            began = System.nanoTime();
        } else if (measuring && now - began >= measured) {
            end();
        }
    }

    private void end() {
        ended = System.nanoTime();
        after = counters.get();
        measuring = false;
        over = true;
    }
}
