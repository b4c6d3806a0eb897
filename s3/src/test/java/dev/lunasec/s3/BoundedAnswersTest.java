package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;

/** A store whose answers do not end takes no more than a few MiB of the memory of its client. */
@Tag("embedded")
class BoundedAnswersTest {
    private static final byte[] ENTRY =
            "<Contents><Key>a</Key></Contents>".repeat(1000).getBytes(StandardCharsets.UTF_8);
    private static final long FLOOD = 1L << 30;

    @Test
    void aListingThatDoesNotEndFails() throws Exception {
        AtomicLong most = new AtomicLong();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            long sent = 0;
            try (OutputStream out = exchange.getResponseBody()) {
                out.write("<ListBucketResult>".getBytes(StandardCharsets.UTF_8));
                for (; sent < FLOOD; sent += ENTRY.length) out.write(ENTRY);
            } catch (IOException e) {
                // The client has hung up.
            } finally {
                long all = sent;
                most.accumulateAndGet(all, Math::max);
            }
        });
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (S3Connection connection = new S3Connection(
                new StoreLocation("vault", "us-east-1", endpoint, true), new AccessKeys("access", "secret"), null)) {
            SdkException failed = catchThrowableOfType(
                    SdkException.class, () -> connection.s3().listObjectsV2(list -> list.bucket("vault")));
            assertThat(failed).hasStackTraceContaining("larger than 8 MiB");
        } finally {
            server.stop(0);
            threads.close();
        }
        assertThat(most.get()).isLessThan(FLOOD);
    }
}
