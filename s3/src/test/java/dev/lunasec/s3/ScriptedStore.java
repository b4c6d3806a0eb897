package dev.lunasec.s3;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** A store whose answers a test writes, and a connection to its bucket {@code vault}. */
final class ScriptedStore implements AutoCloseable {
    private final HttpServer server;
    final S3Connection connection;

    ScriptedStore(HttpHandler answers) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", answers);
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        connection = new S3Connection(
                new StoreLocation("vault", "us-east-1", endpoint, true), new AccessKeys("a", "b"), null);
    }

    @Override
    public void close() {
        connection.close();
        server.stop(0);
    }
}
