package dev.lunasec.tokenizer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that accepts every connection and never answers, and more callers than the pool has connections. */
@Tag("embedded")
@Timeout(120)
class HangingStoreTest {
    private static final int CALLERS = 3000;
    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<Socket> accepted = Collections.synchronizedList(new ArrayList<>());
    private ServerSocket store;

    @BeforeEach
    void start() throws IOException {
        store = new ServerSocket(0, CALLERS, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::acceptAll);
    }

    @AfterEach
    void stop() throws IOException {
        store.close();
        for (Socket socket : List.copyOf(accepted)) socket.close();
    }

    @Test
    void everyCallOfAFullPoolEndsAsStorageUnavailable() throws Exception {
        List<Callable<@Nullable Throwable>> calls = new ArrayList<>();
        try (S3Connection connection = connection();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Bucket bucket = Bucket.of(connection);
            for (int i = 0; i < CALLERS / 4; i++) {
                calls.add(() -> failure(() -> bucket.get("records/1/a")));
                calls.add(() -> failure(() -> bucket.exists("erased/a")));
                calls.add(() -> failure(() -> bucket.put("records/1/a", new byte[10], "text/plain")));
                calls.add(() -> failure(() -> bucket.delete("records/1/a")));
            }
            List<Future<@Nullable Throwable>> running =
                    calls.stream().map(callers::submit).toList();
            await().atMost(SOON).until(() -> connection.activeRequests() > S3Connection.CONNECTIONS);
            for (Future<@Nullable Throwable> call : running) {
                assertThat(call.get())
                        .isInstanceOfSatisfying(
                                CallFailed.class,
                                failed -> assertThat(failed.failure()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE));
            }
            assertThat(connection.activeRequests()).isZero();
        }
    }

    private static @Nullable Throwable failure(Runnable call) {
        try {
            call.run();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private S3Connection connection() {
        return new S3Connection(
                new StoreLocation("vault", "us-east-1", URI.create("http://127.0.0.1:" + store.getLocalPort()), true),
                new AccessKeys("a", "b"),
                null);
    }

    private void acceptAll() {
        try {
            while (true) accepted.add(store.accept());
        } catch (IOException e) {
            // The test has ended.
        }
    }
}
