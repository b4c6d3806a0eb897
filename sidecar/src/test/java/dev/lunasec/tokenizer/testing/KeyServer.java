package dev.lunasec.tokenizer.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.lunasec.testbed.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A server of a JWKS that answers as the test wants, or not at all. */
public final class KeyServer implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Semaphore asked = new Semaphore(0);
    private final Map<String, String> documents = new ConcurrentHashMap<>();
    private volatile int status = 200;
    private volatile String location = "";
    private volatile String body = "";
    private volatile boolean hanging;

    /** Answers with this document. */
    public KeyServer(String body) {
        this(body, null);
    }

    /** The same over HTTPS, with a certificate of an authority of the test. */
    public KeyServer(String body, @Nullable TestAuthority authority) {
        this.body = body;
        this.scheme = authority == null ? "http" : "https";
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (authority == null) {
                server = HttpServer.create(anyPort, 0);
            } else {
                HttpsServer https = HttpsServer.create(anyPort, 0);
                https.setHttpsConfigurator(new HttpsConfigurator(authority.server()));
                server = https;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI url() {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
    }

    /** One permit for each request that arrived. */
    public Semaphore asked() {
        return asked;
    }

    /** From now on each request waits for an answer that never comes. */
    public void hang() {
        hanging = true;
    }

    /** From now on this is the document. */
    public void publish(String document) {
        body = document;
    }

    /** From now on this is the document at a path, whatever is at the others. */
    public void publish(String path, String document) {
        documents.put(path, document);
    }

    /** From now on the server redirects to another address. */
    public void redirectTo(URI target) {
        location = target.toString();
        status = 302;
    }

    private void handle(HttpExchange exchange) throws IOException {
        asked.release();
        byte[] bytes =
                documents.getOrDefault(exchange.getRequestURI().getPath(), body).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            if (hanging) closing.await();
            if (!location.isEmpty()) exchange.getResponseHeaders().set("location", location);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }
}
