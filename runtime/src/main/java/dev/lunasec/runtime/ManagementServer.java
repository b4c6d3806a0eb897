package dev.lunasec.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.contract.ManagementPaths;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The port for the kubelet and for Prometheus, apart from the port for callers; {@link ManagementPaths} has its paths. Each connection has
 * a thread, and is closed when a request does not arrive within {@value #REQUEST_SECONDS} seconds. Scrapes that hang cannot occupy all
 * threads, because only {@value #SCRAPES} run at once. A caller that keeps {@value #CONNECTIONS} half-open connections can delay probes: the
 * network policy decides who reaches this port.
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

    /** How long a request may take to arrive, and an answer to leave. */
    private static final int REQUEST_SECONDS = 5;

    private static final int CONNECTIONS = 128;
    private static final int SCRAPES = 4;
    private static final int IDLE_SECONDS = 60;

    static {
        // The JDK's server reads them once, when the first one of the process is made; a value that was set with -D
        // stays.
        Map.of(
                        "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
                        "sun.net.httpserver.maxRspTime", REQUEST_SECONDS,
                        "jdk.httpserver.maxConnections", CONNECTIONS)
                .forEach((name, value) -> {
                    if (System.getProperty(name) == null) System.setProperty(name, Integer.toString(value));
                });
    }

    private final HttpServer server;
    private final ExecutorService threads = threads();
    private final Supplier<Readiness> readiness;
    private final HttpHandler metrics;
    private final Semaphore scrapes = new Semaphore(SCRAPES);

    /**
     * Listens at once.
     *
     * @param port 0 for any free one
     * @param readiness answers at once, from what was seen last
     * @param metrics the registry that is scraped
     * @throws IOException when the port is in use; the message names it
     */
    public ManagementServer(InetAddress address, int port, Supplier<Readiness> readiness, PrometheusRegistry metrics)
            throws IOException {
        this.readiness = readiness;
        this.metrics = new MetricsHandler(metrics);
        try {
            server = HttpServer.create(new InetSocketAddress(address, port), 0);
        } catch (BindException e) {
            throw new IOException("the management port " + port + " is in use", e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::route);
        server.start();
    }

    /** The port on which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void route(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case ManagementPaths.LIVE -> answer(exchange, 200, "text/plain", "ok");
            case ManagementPaths.READY -> ready(exchange);
            case ManagementPaths.METRICS -> scrape(exchange);
            default ->
                answer(
                        exchange,
                        404,
                        "text/plain",
                        "There is " + ManagementPaths.LIVE + ", " + ManagementPaths.READY + " and "
                                + ManagementPaths.METRICS + ".");
        }
    }

    private void ready(HttpExchange exchange) throws IOException {
        Readiness now = readiness.get();
        answer(exchange, now.ready() ? 200 : 503, "application/json", now.json());
    }

    private void scrape(HttpExchange exchange) throws IOException {
        if (!scrapes.tryAcquire()) {
            answer(exchange, 503, "text/plain", SCRAPES + " scrapes have not ended yet; try again later.");
            return;
        }
        try {
            metrics.handle(exchange);
        } finally {
            scrapes.release();
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String line) throws IOException {
        byte[] body = (line + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Threads of the operating system: virtual ones share few of those, which a hanging scrape may hold. */
    private static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                CONNECTIONS,
                CONNECTIONS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("management-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
