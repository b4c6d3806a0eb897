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
 * A stop hangs up on connections without a request within a second, and on the others when {@link dev.lunasec.tokenizer.http.Listener#STOP} is over. Jetty's own
 * connector gives all of them that second, also where a body is still on its way.
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
        if (isShutdown()) waitFor(connection);
    }

    @Override
    public CompletableFuture<Void> shutdown() {
        CompletableFuture<Void> done = super.shutdown();
        atWork.forEach(DrainingConnector::waitFor);
        return done;
    }

    private static void waitFor(EndPoint connection) {
        connection.setIdleTimeout(STOP.toMillis());
    }
}
