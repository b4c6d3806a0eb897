package dev.lunasec.runtime;

import dev.lunasec.contract.ManagementPaths;
import io.prometheus.metrics.exporter.common.PrometheusScrapeHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port for the kubelet and for Prometheus, apart from the port for callers; {@link ManagementPaths} has its paths.
 * A connection without a whole request occupies no thread, and loses its place to a newer one when there are
 * {@value #CONNECTIONS}. Scrapes have {@value #SCRAPES} threads of their own, so those that hang do not delay probes.
 */
public final class ManagementServer implements AutoCloseable {
    /**
     * The answer to the readiness probe.
     *
     * @param json says what works and what does not
     */
    public record Readiness(boolean ready, String json) {
        /** The answer of a process that has nothing to say but whether it is ready. */
        public static Readiness of(boolean ready) {
            return new Readiness(ready, "{\"ready\":" + ready + "}");
        }
    }

    private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

    private static final int CONNECTIONS = 128;
    private static final int SCRAPES = 4;
    private static final int HEADERS = 8 << 10;

    /** Of the web server, which needs one to accept connections and one to select them. */
    private static final int THREADS = 8;

    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final BoundedConnector.Bounds BOUNDS =
            new BoundedConnector.Bounds(CONNECTIONS, Duration.ofSeconds(10), IDLE);

    private final Server server = new Server(threads());
    private final BoundedConnector connector;
    private final Supplier<Readiness> readiness;
    private final PrometheusRegistry registry;
    private final ManagementConnections connections;
    private final PrometheusScrapeHandler metrics;
    private final ExecutorService scrapes = new ThreadPoolExecutor(
            0,
            SCRAPES,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("scrape-", 0).factory());

    /**
     * Listens at once.
     *
     * @param port 0 for any free one
     * @param readiness answers at once, from what was seen last
     * @param metrics the registry that is scraped; it also gets the metrics of this port
     * @throws IOException when the port is in use; the message names it
     */
    public ManagementServer(InetAddress address, int port, Supplier<Readiness> readiness, PrometheusRegistry metrics)
            throws IOException {
        this.readiness = readiness;
        this.registry = metrics;
        this.metrics = new PrometheusScrapeHandler(metrics);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADERS);
        connector = new BoundedConnector(server, http, BOUNDS, new HttpConnectionFactory(http));
        connector.setHost(address.getHostAddress());
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(CONNECTIONS);
        connections = new ManagementConnections(connector);
        server.addConnector(connector);
        server.setStopTimeout(0);
        server.setHandler(new Routes());
        start(port);
        registry.register(connections);
    }

    private void start(int port) throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            close();
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new IOException("the management port " + port + " is in use", e);
            }
            throw e;
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the management port does not start", e);
        }
    }

    /** The port on which it listens. */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        registry.unregister(connections);
        scrapes.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            log.warn("the management port does not stop", e);
        }
    }

    private final class Routes extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            switch (Request.getPathInContext(request)) {
                case ManagementPaths.LIVE -> answer(response, callback, 200, "text/plain", "ok");
                case ManagementPaths.READY -> {
                    Readiness now = readiness.get();
                    answer(response, callback, now.ready() ? 200 : 503, "application/json", now.json());
                }
                case ManagementPaths.METRICS -> scrape(request, response, callback);
                default ->
                    answer(
                            response,
                            callback,
                            404,
                            "text/plain",
                            "There is " + ManagementPaths.LIVE + ", " + ManagementPaths.READY + " and "
                                    + ManagementPaths.METRICS + ".");
            }
            return true;
        }
    }

    private void scrape(Request request, Response response, Callback callback) {
        try {
            scrapes.execute(() -> {
                try {
                    metrics.handleRequest(new Scrape(request, response, callback));
                } catch (IOException | RuntimeException e) {
                    callback.failed(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer(response, callback, 503, "text/plain", SCRAPES + " scrapes have not ended yet; try again later.");
        }
    }

    private static void answer(Response response, Callback callback, int status, String type, String line) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("management");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        return threads;
    }
}
