package dev.lunasec.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Answers the kubelet: {@code /livez} while the process answers at all, {@code /readyz} once caches are filled. */
final class Probes implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;

    Probes(InetAddress address, int port, BooleanSupplier ready) {
        try {
            server = HttpServer.create(new InetSocketAddress(address, port), 16);
        } catch (IOException e) {
            throw new UncheckedIOException("OPERATOR_PORT " + port + " cannot be listened on; set another one", e);
        }
        threads = Executors.newFixedThreadPool(
                2, Thread.ofPlatform().daemon().name("probes-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/livez", exchange -> answer(exchange, true));
        server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, boolean well) throws IOException {
        try (exchange) {
            byte[] text = (well ? "ok\n" : "not ready\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(well ? 200 : 503, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
