package dev.lunasec.testbed;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import javax.net.SocketFactory;

/** Connections to a tokenizer that ask as fast as they get answers, and how many answers of each kind they got. */
public final class BusyConnections {
    /** A request. */
    public record Request(String path, String authorization, String body) {}

    private final SocketFactory sockets;
    private final String host;
    private final int port;
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Set<String> failures = ConcurrentHashMap.newKeySet();

    /** @param host a name or an address; the name in the server's certificate may be another one */
    public BusyConnections(SocketFactory sockets, String host, int port) {
        this.sockets = sockets;
        this.host = host;
        this.port = port;
    }

    /**
     * Asks on one connection; a connection that fails is not opened again.
     *
     * @param requests gives each request by its number, from 1 on
     */
    public void ask(IntFunction<Request> requests, BooleanSupplier over) {
        try (BusyConnection connection = new BusyConnection(sockets, host, port)) {
            for (int number = 1; !over.getAsBoolean(); number++) {
                Request next = requests.apply(number);
                int status = connection.post(next.path, next.authorization, next.body);
                (status == 200 ? served : status == 429 || status == 503 ? busy : failed).incrementAndGet();
                if (status != 200 && status != 429 && status != 503) failures.add("status " + status);
            }
        } catch (IOException | RuntimeException e) {
            failed.incrementAndGet();
            failures.add(e.toString());
        }
    }

    /** How many requests were answered with 200. */
    public long served() {
        return served.get();
    }

    /** How many were answered with 429 or 503. */
    public long busy() {
        return busy.get();
    }

    /** How many were answered with another status, and how many connections ended before {@code over}. */
    public long failed() {
        return failed.get();
    }

    /** Why they failed. */
    public Set<String> failures() {
        return Set.copyOf(failures);
    }
}
