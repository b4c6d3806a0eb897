package dev.lunasec.tokenizer.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.testing.VaultBucket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store in which one object comes to be right after it was looked for in vain, as when a rotation moves it. */
final class MovingStore implements AutoCloseable {
    private static final byte[] ABSENT = "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final String path;
    private final byte[] content;
    private final List<String> looks = new CopyOnWriteArrayList<>();

    MovingStore(String path, byte[] content) throws IOException {
        this.path = path;
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Closed by the caller. */
    S3Connection connection() {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new S3Connection(
                new StoreLocation(VaultBucket.NAME, "us-east-1", endpoint, true), VaultBucket.KEYS, null);
    }

    /** Method and path of every request so far. */
    List<String> looks() {
        return looks;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String look =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        boolean there = look.equals("GET " + path) && looks.contains(look);
        looks.add(look);
        byte[] body = there ? content : ABSENT;
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(there ? 200 : 404, head ? -1 : body.length);
            if (!head) exchange.getResponseBody().write(body);
        }
    }
}
