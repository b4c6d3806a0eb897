package dev.lunasec.tokenizer.http;

import static dev.lunasec.tokenizer.http.Listener.STOP;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A connector whose stop closes connections without a request within a second, and the others after {@link Listener#STOP}. Jetty's own
 * connector closes all of them within that second, even if a body is still being sent.
 */
final class DrainingConnector extends ServerConnector {
    private final Set<EndPoint> atWork = ConcurrentHashMap.newKeySet();

    DrainingConnector(Server server, HttpConfiguration http, ConnectionFactory... protocols) {
        super(server, protocols);
        http.addCustomizer((request, headers) -> {
            begin(request);
            return request;
        });
    }

    private void begin(Request request) {
        EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
        atWork.add(connection);
        Request.addCompletionListener(request, failure -> atWork.remove(connection));
        if (isShutdown()) keepOpen(connection);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done = super.shutdown();
        atWork.forEach(DrainingConnector::keepOpen);
        return done;
    }

    private static void keepOpen(EndPoint connection) {
        connection.setIdleTimeout(STOP.toMillis());
    }
}
