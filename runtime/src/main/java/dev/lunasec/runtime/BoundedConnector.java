package dev.lunasec.runtime;

import dev.lunasec.runtime.TrackedConnection.Phase;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A connector that bounds the number of connections and the time of their callers. Each new connection over the bound
 * costs another one: the server closes the connection that has waited for its caller for the longest time, first among
 * those whose callers are unknown. So a client that fills the server with half-open connections loses them to callers
 * that send their request. Only if the server works on a request on every connection, it closes the new one.
 */
public class BoundedConnector extends ServerConnector {
    /**
     * The bounds of a connector.
     *
     * @param connections the most open connections
     * @param headers how long the headers of a request may take, from the start of the connection or the end of the
     *     last answer
     * @param body how long the body of a request may take, and how long a caller may take for an answer
     */
    public record Bounds(int connections, Duration headers, Duration body) {}

    /** Why the server closed a connection. */
    public enum Reason {
        /** There were too many connections. */
        TOO_MANY,
        /** The headers took too long. */
        SLOW_HEADERS,
        /** The body took too long. */
        SLOW_BODY,
        /** The caller took too long for the answer. */
        SLOW_READER
    }

    /** The attribute of a request that holds its connection, for {@link #callerIsKnown}. */
    public static final String CONNECTION = BoundedConnector.class.getName();

    /** The rest of the connections is for new callers, whatever the known ones do. */
    private static final int KNOWN_PERCENT = 75;

    private static final Duration EVERY = Duration.ofMillis(250);

    private final Bounds bounds;
    private final Map<EndPoint, TrackedConnection> open = new ConcurrentHashMap<>();
    private final Set<TrackedConnection> known = ConcurrentHashMap.newKeySet();
    private final Map<Reason, Long> closed = new ConcurrentHashMap<>();

    /**
     * Not listening yet.
     *
     * @param http the configuration of the protocols, which gets a customizer
     */
    public BoundedConnector(Server server, HttpConfiguration http, Bounds bounds, ConnectionFactory... protocols) {
        super(server, protocols);
        this.bounds = bounds;
        http.addCustomizer((request, headers) -> {
            begin(request);
            return request;
        });
    }

    /**
     * Notes that the caller of a connection has authenticated.
     *
     * @param connection the attribute {@link #CONNECTION} of the request; null does nothing
     */
    public static void callerIsKnown(@Nullable Object connection) {
        if (connection instanceof TrackedConnection tracked) tracked.callerIsKnown();
    }

    /** The number of open connections. */
    public int connections() {
        return open.size();
    }

    public Bounds bounds() {
        return bounds;
    }

    /** How many connections the server closed for a reason, since the start. */
    public long closed(Reason reason) {
        return closed.getOrDefault(reason, 0L);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        closeSlowOnesLater();
    }

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        TrackedConnection opened = new TrackedConnection(endPoint, known, bounds.connections * KNOWN_PERCENT / 100);
        TrackedConnection replaced = addInPlaceOfCheapest(opened);
        if (replaced != null) closeForgotten(Reason.TOO_MANY, replaced);
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        TrackedConnection gone = open.get(endPoint);
        if (gone != null) forget(gone);
        super.onEndPointClosed(endPoint);
    }

    /** The connection of a request, as {@link #getConnectedEndPoints} has it: without the one of TLS around it. */
    protected static EndPoint connection(Request request) {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) endPoint = wrapper.unwrap();
        return endPoint;
    }

    /** Whether it was not forgotten before. */
    private boolean forget(TrackedConnection connection) {
        known.remove(connection);
        return open.remove(connection.endPoint(), connection);
    }

    private void begin(Request request) {
        TrackedConnection connection = open.get(connection(request));
        // It was closed meanwhile.
        if (connection == null) return;
        connection.follow(request);
        request.setAttribute(CONNECTION, connection);
    }

    /**
     * Adds a connection. If there is no place for it, first forgets the one whose end costs the least, which may be the
     * new one. Threads take turns, because two that choose at the same time would choose the same one.
     *
     * @return the connection to close; null if there is none
     */
    private @Nullable TrackedConnection addInPlaceOfCheapest(TrackedConnection opened) {
        synchronized (open) {
            TrackedConnection cheapest = open.size() < bounds.connections ? null : cheapest(opened);
            if (cheapest == opened) return opened;
            // One that was forgotten meanwhile is being closed already.
            TrackedConnection replaced = cheapest != null && forget(cheapest) ? cheapest : null;
            open.put(opened.endPoint(), opened);
            return replaced;
        }
    }

    /** The connection whose end costs the least; the new one only if all others are at work. */
    private TrackedConnection cheapest(TrackedConnection opened) {
        return open.values().stream()
                .filter(other -> other.state().phase() != Phase.WORK)
                .min(Comparator.comparing(TrackedConnection::isKnown)
                        .thenComparing(other -> other.state().since()))
                .orElse(opened);
    }

    private void closeSlowOnesLater() {
        getScheduler().schedule(this::closeSlowOnes, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void closeSlowOnes() {
        long now = System.nanoTime();
        for (TrackedConnection connection : open.values()) {
            TrackedConnection.State state = connection.state();
            Duration waits = Duration.ofNanos(now - state.since());
            switch (state.phase()) {
                case HEADERS -> {
                    if (waits.compareTo(bounds.headers) > 0) close(Reason.SLOW_HEADERS, connection);
                }
                case BODY -> {
                    if (waits.compareTo(bounds.body) > 0) close(Reason.SLOW_BODY, connection);
                }
                case ANSWER -> {
                    if (waits.compareTo(bounds.body) > 0) close(Reason.SLOW_READER, connection);
                }
                case WORK -> {}
            }
        }
        if (isRunning()) closeSlowOnesLater();
    }

    private void close(Reason reason, TrackedConnection connection) {
        if (forget(connection)) closeForgotten(reason, connection);
    }

    private void closeForgotten(Reason reason, TrackedConnection connection) {
        closed.merge(reason, 1L, Long::sum);
        connection.close();
        // Its caller may have authenticated since it was forgotten.
        known.remove(connection);
    }
}
