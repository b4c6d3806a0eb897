package dev.lunasec.tokenizer.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The port for kubelets and monitoring, apart from the one for callers: {@code /livez}, {@code /readyz}, {@code /metrics}. Whoever
 * sends half a request and then nothing holds a thread until {@link #REQUEST_SECONDS} are over: so there are many threads.
 */
public final class ManagementServer implements AutoCloseable {
    /** How long a request may take to arrive, and an answer to leave. */
    private static final int REQUEST_SECONDS = 5;

    private static final int CONNECTIONS = 128;

    static {
        // The JDK's server reads them once, when the first one of the process is made; what was given with -D stays.
        Map.of(
                        "sun.net.httpserver.maxReqTime", REQUEST_SECONDS,
                        "sun.net.httpserver.maxRspTime", REQUEST_SECONDS,
                        "jdk.httpserver.maxConnections", CONNECTIONS)
                .forEach((name, value) -> {
                    if (System.getProperty(name) == null) System.setProperty(name, Integer.toString(value));
                });
    }

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(CONNECTIONS, Thread.ofVirtual().factory());
    private final Supplier<Health> health;
    private final PrometheusMeterRegistry metrics;
    private volatile boolean serving;

    /**
     * Listens at once.
     *
     * @param port 0 for any free one
     * @param health what the last check saw, at once
     * @throws IOException when the port is taken
     */
    public ManagementServer(InetAddress address, int port, Supplier<Health> health, PrometheusMeterRegistry metrics)
            throws IOException {
        this.health = health;
        try {
            server = HttpServer.create(new InetSocketAddress(address, port), 0);
        } catch (BindException e) {
            throw new IOException("the management port " + port + " is in use", e);
        }
        server.setExecutor(threads);
        this.metrics = metrics;
        server.createContext("/", this::route);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Whether callers are served: without that it is not ready, however well the rest is, so that none are sent here. */
    public void serving(boolean now) {
        serving = now;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void route(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/livez" -> answer(exchange, 200, "text/plain", "ok\n");
            case "/readyz" -> ready(exchange);
            case "/metrics" -> answer(exchange, 200, "text/plain; version=0.0.4", metrics.scrape());
            default -> answer(exchange, 404, "text/plain", "There is /livez, /readyz and /metrics.\n");
        }
    }

    private void ready(HttpExchange exchange) throws IOException {
        Health now = health.get();
        answer(exchange, now.ready() && serving ? 200 : 503, "application/json", now.json(serving) + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
