package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/** Stores whose answers do not end take no more than some MiB of the memory of their client, together. */
@Tag("embedded")
class BoundedAnswersTest {
    private static final long FLOOD = 1L << 30;
    private static final String LONG_NAME = "n".repeat(1000);
    private static final int LARGE_AT_ONCE = 4;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong mostSent = new AtomicLong();
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(LARGE_AT_ONCE);
    private HttpServer server;
    private S3Connection connection;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        connection = new S3Connection(
                new StoreLocation("vault", "us-east-1", endpoint, true), new AccessKeys("access", "secret"), null);
    }

    @AfterEach
    void stop() {
        released.countDown();
        connection.close();
        server.stop(0);
        threads.close();
    }

    @ParameterizedTest
    @CsvSource({
        "<Contents><Key>LONG</Key></Contents>, larger than 4 MiB",
        "<Contents/>, has more than",
        "<a/>, has more than",
        "<a b='' c=''/>, has more than"
    })
    void aListingThatDoesNotEndFails(String entry, String message) {
        byte[] entries =
                entry.replace("LONG", LONG_NAME).repeat(100).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> flood(exchange, entries));
        SdkException failed = catchThrowableOfType(SdkException.class, () -> list("vault"));
        assertThat(failed).hasStackTraceContaining(message);
        // What was on the way, too.
        assertThat(mostSent.get()).isLessThan(64 << 20);
    }

    @Test
    void aListingOfAThousandLongNamesIsRead() {
        server.createContext("/", exchange -> answer(exchange, 1000));
        assertThat(list("vault").contents()).hasSize(1000);
    }

    @Test
    void whileFourLargeAnswersAreOnTheWaySmallOnesAreReadAndAFifthFails() throws Exception {
        server.createContext("/hold", this::hold);
        server.createContext("/large", exchange -> answer(exchange, 1000));
        server.createContext("/small", exchange -> answer(exchange, 1));
        List<Future<ListObjectsV2Response>> large = new ArrayList<>();
        for (int i = 0; i < LARGE_AT_ONCE; i++) large.add(threads.submit(() -> list("hold", MINUTE)));
        held.await();
        // The server has sent enough of each answer, but the client may not have read so much yet.
        await().atMost(MINUTE).until(() -> S3Connection.activeLargeAnswers() == LARGE_AT_ONCE);

        assertThat(list("small").contents()).hasSize(1);
        SdkException failed = catchThrowableOfType(SdkException.class, () -> list("large", MINUTE));
        assertThat(failed).hasStackTraceContaining("too large for another large one");
        assertThat(S3Connection.activeLargeAnswers()).isEqualTo(LARGE_AT_ONCE);

        released.countDown();
        for (Future<ListObjectsV2Response> each : large)
            assertThat(each.get().contents()).hasSize(1000);
        assertThat(list("large").contents()).hasSize(1000);
        assertThat(S3Connection.activeLargeAnswers()).isZero();
    }

    @Test
    void aCallWhoseTimeEndsGivesItsPlaceToAnother() {
        server.createContext("/hold", this::hold);
        server.createContext("/large", exchange -> answer(exchange, 1000));
        for (int i = 0; i < 2 * LARGE_AT_ONCE; i++) {
            assertThat(catchThrowableOfType(SdkException.class, () -> list("hold", Duration.ofSeconds(1))))
                    .isNotNull();
        }
        assertThat(held.getCount()).isZero();
        assertThat(list("large").contents()).hasSize(1000);
    }

    private ListObjectsV2Response list(String bucket) {
        return connection.s3().listObjectsV2(list -> list.bucket(bucket));
    }

    /** @param longest how long the call and each of its attempts may take */
    private ListObjectsV2Response list(String bucket, Duration longest) {
        return connection
                .s3()
                .listObjectsV2(list -> list.bucket(bucket)
                        .overrideConfiguration(
                                call -> call.apiCallTimeout(longest).apiCallAttemptTimeout(longest)));
    }

    private void flood(HttpExchange exchange, byte[] entries) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        long sent = 0;
        try (OutputStream out = exchange.getResponseBody()) {
            out.write("<ListBucketResult>".getBytes(StandardCharsets.UTF_8));
            for (; sent < FLOOD; sent += entries.length) out.write(entries);
        } catch (IOException e) {
            // The client has hung up.
        } finally {
            long all = sent;
            mostSent.accumulateAndGet(all, Math::max);
        }
    }

    /** Sends the first half of a large answer, and the rest when the test releases it. */
    private void hold(HttpExchange exchange) throws IOException {
        byte[] xml = listing(1000);
        exchange.sendResponseHeaders(200, xml.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(xml, 0, xml.length / 2);
            out.flush();
            held.countDown();
            released.await();
            out.write(xml, xml.length / 2, xml.length - xml.length / 2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The client has hung up.
        }
    }

    private static void answer(HttpExchange exchange, int names) throws IOException {
        byte[] xml = listing(names);
        exchange.sendResponseHeaders(200, xml.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(xml);
        }
    }

    private static byte[] listing(int names) {
        String entry = "<Contents><Key>" + LONG_NAME + "</Key><Size>1</Size></Contents>";
        return ("<ListBucketResult>" + entry.repeat(names) + "</ListBucketResult>").getBytes(StandardCharsets.UTF_8);
    }
}
