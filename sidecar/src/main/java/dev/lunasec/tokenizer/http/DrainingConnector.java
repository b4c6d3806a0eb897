package dev.lunasec.tokenizer.http;

import static dev.lunasec.tokenizer.http.Listener.STOP;

import dev.lunasec.runtime.BoundedConnector;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;

/**
 * A connector whose stop closes connections without a request within a second, and the others a second after their
 * request, at the latest after {@link Listener#STOP}. Jetty's own connector closes all of them within that second, even
 * if a body is still being sent.
 */
final class DrainingConnector extends BoundedConnector implements MeterBinder {
    private static final Duration IDLE_AT_STOP = Duration.ofSeconds(1);

    private final Set<EndPoint> atWork = ConcurrentHashMap.newKeySet();

    DrainingConnector(Server server, HttpConfiguration http, Bounds bounds, ConnectionFactory... protocols) {
        super(server, http, bounds, protocols);
        // For all connections, because Jetty ends those at once that have been silent for longer, also one with a body
        // that is still being sent.
        setShutdownIdleTimeout(STOP.toMillis());
        http.addCustomizer((request, headers) -> {
            begin(request);
            return request;
        });
    }

    @Override
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder("tokenizer.connections.open", this, BoundedConnector::connections)
                .description("open connections of callers")
                .register(metrics);
        Gauge.builder("tokenizer.connections.limit", bounds(), Bounds::connections)
                .description("the most open connections of callers")
                .register(metrics);
        for (Reason reason : Reason.values()) {
            FunctionCounter.builder("tokenizer.connections.closed", this, connector -> connector.closed(reason))
                    .description("connections that the server closed, by the limit that they met")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
    }

    private void begin(Request request) {
        EndPoint connection = connection(request);
        atWork.add(connection);
        Request.addCompletionListener(request, failure -> {
            atWork.remove(connection);
            if (isShutdown()) limitIdleTime(connection);
        });
        if (isShutdown()) limitIdleTime(connection);
    }

    @Override
    protected void onEndPointOpened(EndPoint connection) {
        super.onEndPointOpened(connection);
        // It was accepted before the stop, which may not have seen it.
        if (isShutdown()) limitIdleTime(connection);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done = super.shutdown();
        getConnectedEndPoints().forEach(this::limitIdleTime);
        return done;
    }

    private void limitIdleTime(EndPoint connection) {
        boolean busy;
        do {
            busy = atWork.contains(connection);
            connection.setIdleTimeout((busy ? STOP : IDLE_AT_STOP).toMillis());
            // A request may have begun or ended meanwhile.
        } while (busy != atWork.contains(connection));
    }
}
