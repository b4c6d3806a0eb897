package dev.lunasec.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.controlplane.ControlPlane;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Stands between the operator and the API server, passes everything on, and kills the operator the moment that the API
 * server has done the n-th write: the operator never hears of it.
 */
final class KillingFront implements AutoCloseable {
    private static final Set<String> HOP = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-protocol");

    private final ControlPlane controlPlane;
    private final int fatal;
    private final Predicate<String> counts;
    private final Runnable kill;
    private final HttpServer server;
    private final HttpClient http;
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private final CountDownLatch killed = new CountDownLatch(1);

    /** @param fatal the number of the last write, from 1 on */
    KillingFront(ControlPlane controlPlane, int fatal, Runnable kill) throws IOException {
        this(controlPlane, fatal, write -> true, kill);
    }

    /** @param counts which writes are counted, by method and path */
    KillingFront(ControlPlane controlPlane, int fatal, Predicate<String> counts, Runnable kill) throws IOException {
        this.controlPlane = controlPlane;
        this.fatal = fatal;
        this.counts = counts;
        this.kill = kill;
        http = HttpClient.newBuilder()
                .sslContext(controlPlane.tls())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    /** A kubeconfig of the operator that leads here. */
    String kubeconfig() {
        return controlPlane
                .kubeconfigYaml(ControlPlane.OPERATOR)
                .replace(
                        controlPlane.apiServer().toString(),
                        "http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Method and path of every write that counts, so far. */
    List<String> writes() {
        return List.copyOf(writes);
    }

    boolean hasKilled() {
        return killed.getCount() == 0;
    }

    @Override
    public void close() {
        server.stop(0);
        http.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            // A watch by WebSocket: the client then takes plain HTTP. It offers HTTP/2 as well, which may be passed
            // over.
            if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            HttpResponse<InputStream> answer = pass(exchange);
            if (!exchange.getRequestMethod().equals("GET") && answer.statusCode() < 300) wrote(exchange);
            answer.headers().map().forEach((name, values) -> {
                if (!HOP.contains(name))
                    values.forEach(v -> exchange.getResponseHeaders().add(name, v));
            });
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            try (InputStream in = answer.body();
                    OutputStream out = exchange.getResponseBody()) {
                byte[] buffer = new byte[16 << 10];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<InputStream> pass(HttpExchange exchange) throws IOException, InterruptedException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        controlPlane.apiServer() + exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HOP.contains(name.toLowerCase(Locale.ROOT))) values.forEach(value -> request.header(name, value));
        });
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    private synchronized void wrote(HttpExchange exchange) {
        String write =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if (hasKilled() || !counts.test(write)) return;
        writes.add(write);
        if (writes.size() == fatal) {
            kill.run();
            killed.countDown();
        }
    }
}
