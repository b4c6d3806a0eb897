package dev.lunasec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that answer too much, too late, or begin and do not end. */
@Timeout(30)
@Tag("embedded")
class BoundedCallTest {
    private static final Duration ENOUGH = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/bytes/", exchange -> {
            byte[] body =
                    new byte[Integer.parseInt(exchange.getRequestURI().getPath().substring(7))];
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.createContext("/silent", exchange -> hold());
        server.createContext("/hangsUp", exchange -> exchange.close());
        server.createContext("/broken", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[10]);
            exchange.getResponseBody().flush();
            throw new IOException("the connection breaks");
        });
        server.createContext("/half", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            OutputStream body = exchange.getResponseBody();
            body.write(new byte[10]);
            body.flush();
            hold();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        http.shutdownNow();
    }

    @Test
    void aBodyIsTakenUpToItsBound() throws Exception {
        for (int length : new int[] {0, 1, 100_000})
            assertThat(call("/bytes/" + length)).hasSize(length);
        assertThatThrownBy(() -> call("/bytes/100001"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("over 100000 bytes");
    }

    @Test
    void noAnswerAndHalfAnAnswerEndAtTheDeadline() {
        for (String path : new String[] {"/silent", "/half"}) {
            assertThatThrownBy(() -> call(path, SHORT))
                    .as(path)
                    .isInstanceOf(IOException.class)
                    .hasMessage("there was no answer within 500 ms");
        }
    }

    @Test
    void aServerThatDoesNotListenIsAnIOException() {
        server.stop(0);
        assertThatThrownBy(() -> call("/bytes/1"))
                .isInstanceOf(BoundedCall.NoAnswer.class)
                .hasMessage("there is no connection");
    }

    @Test
    void anAnswerThatEndsEarlyIsNotTheSameAsNone() {
        assertThatThrownBy(() -> call("/broken"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(BoundedCall.NoAnswer.class);
        assertThatThrownBy(() -> call("/hangsUp")).isInstanceOf(BoundedCall.NoAnswer.class);
        assertThatThrownBy(() -> call("/silent", SHORT)).isNotInstanceOf(BoundedCall.NoAnswer.class);
    }

    private byte[] call(String path) throws Exception {
        return call(path, ENOUGH);
    }

    private byte[] call(String path, Duration deadline) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        HttpResponse<byte[]> answer =
                BoundedCall.send(http, HttpRequest.newBuilder(uri).build(), deadline, 100_000);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private void hold() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
