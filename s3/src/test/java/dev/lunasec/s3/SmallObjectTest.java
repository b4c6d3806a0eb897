package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Stores that send the content of an object so slowly, or so much of it, that a reader would wait for hours. */
@Tag("embedded")
@Timeout(60)
class SmallObjectTest {
    private static final long HUGE = 1L << 40;
    private static final GetObjectRequest GET =
            GetObjectRequest.builder().bucket("vault").key("records/1/a").build();

    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong sent = new AtomicLong();
    private HttpServer store;
    private S3Connection connection;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.setExecutor(threads);
        store.start();
        URI endpoint = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
        connection = new S3Connection(
                new StoreLocation("vault", "us-east-1", endpoint, true), new AccessKeys("a", "b"), null);
    }

    @AfterEach
    void stop() {
        end.countDown();
        connection.close();
        store.stop(0);
        threads.close();
    }

    @Test
    void aContentThatDripsEndsWithTheDeadlineOfTheCall() {
        store.createContext("/", this::drip);
        assertThatThrownBy(() -> SmallObject.get(connection.s3(), GET, 1 << 16)).isInstanceOf(SdkException.class);
    }

    @Test
    void theRestOfALongerObjectIsNotRead() {
        store.createContext("/", this::flood);
        assertThat(SmallObject.get(connection.s3(), GET, 1 << 16).content()).hasSize(1 << 16);
        assertThat(sent.get()).isLessThan(1 << 28);
    }

    private void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, HUGE);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!end.await(300, TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flood(HttpExchange exchange) throws IOException {
        byte[] part = new byte[1 << 16];
        exchange.sendResponseHeaders(200, HUGE);
        try (OutputStream out = exchange.getResponseBody()) {
            while (end.getCount() > 0) {
                out.write(part);
                sent.addAndGet(part.length);
            }
        }
    }
}
