package dev.lunasec.operator.bucket.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.operator.bucket.BucketSpec.Provisioning;
import dev.lunasec.operator.bucket.BucketStatus;
import dev.lunasec.operator.bucket.s3.BucketConnections.Lease;
import dev.lunasec.operator.bucket.s3.Store.Answer;
import dev.lunasec.operator.bucket.s3.Store.Fault;
import dev.lunasec.s3.S3Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A connection is closed when it is no longer cached, but never in the middle of a call. */
@Tag("embedded")
class BucketConnectionsTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BucketConnections connections = new BucketConnections(1);
    private Store store;

    @BeforeEach
    void start() throws Exception {
        store = new Store();
    }

    @AfterEach
    void stop() throws Exception {
        connections.close();
        threads.close();
        store.close();
    }

    @Test
    void aVaultSharesOneConnection() throws Exception {
        try (Lease one = connections.lease(vault("a"));
                Lease two = connections.lease(vault("a"))) {
            assertThat(two.connection()).isSameAs(one.connection());
        }
        try (Lease again = connections.lease(vault("a"))) {
            assertWorks(again.connection());
        }
    }

    @Test
    void anEvictedConnectionStaysOpenUntilItsCallEnds() throws Exception {
        Gate gate = new Gate("GET", "/");
        store.fault = gate;
        Lease lease = connections.lease(vault("a"));
        Future<?> call = threads.submit(() -> lease.connection().s3().listBuckets());
        gate.reached.await();
        connections.lease(vault("b")).close();
        gate.open.countDown();
        call.get();
        assertWorks(lease.connection());
        lease.close();
        assertClosed(lease.connection());
    }

    @Test
    void anEvictedConnectionThatNobodyUsesIsClosed() throws Exception {
        Lease lease = connections.lease(vault("a"));
        lease.close();
        assertWorks(lease.connection());
        connections.lease(vault("b")).close();
        assertClosed(lease.connection());
    }

    @Test
    void changedCredentialsReplaceTheConnection() throws Exception {
        Lease old = connections.lease(
                store.spec("bucket", Provisioning.CREATE, new BucketSpec.Credentials("access", "old"), "payments/a"));
        try (Lease changed = connections.lease(vault("a"))) {
            assertWorks(changed.connection());
        }
        old.close();
        assertClosed(old.connection());
    }

    @Test
    void theConnectionOfADeletedVaultIsClosed() throws Exception {
        Lease lease = connections.lease(vault("a"));
        connections.forget("payments/a");
        assertWorks(lease.connection());
        lease.close();
        assertClosed(lease.connection());
    }

    @Test
    void afterTheEndConnectionsLiveAsLongAsTheirLease() throws Exception {
        Lease before = connections.lease(vault("a"));
        connections.close();
        assertWorks(before.connection());
        before.close();
        assertClosed(before.connection());
        Lease after = connections.lease(vault("a"));
        assertWorks(after.connection());
        after.close();
        assertClosed(after.connection());
    }

    /** As with more vaults than the cache has room for. */
    @Test
    void theCheckOfOneBucketDoesNotBreakTheCheckOfAnother() throws Exception {
        try (BucketProvisioner buckets = new BucketProvisioner(Duration.ZERO, Duration.ZERO, 1)) {
            Gate gate = new Gate("PUT", "/bucket-a/?");
            store.fault = gate;
            Future<BucketStatus> first = threads.submit(
                    () -> buckets.reconcile(vault("a"), Store.claim(vault("a")), Map.of(), Instant.EPOCH));
            gate.reached.await();
            assertThat(buckets.records(vault("b"), Store.claim(vault("b"))).any())
                    .isNotNull();
            gate.open.countDown();
            assertThat(first.get().reason()).isEqualTo("Ready");
        }
    }

    private BucketSpec vault(String name) {
        return store.spec("bucket-" + name, Provisioning.CREATE, Store.KEYS, "payments/" + name);
    }

    private static void assertWorks(S3Connection connection) {
        assertThat(connection.s3().listBuckets().buckets()).isNotNull();
    }

    /** The timers of a closed client reject every call. */
    private static void assertClosed(S3Connection connection) {
        assertThatThrownBy(() -> connection.s3().listBuckets()).isInstanceOf(RejectedExecutionException.class);
    }

    /** Holds requests for a path, given as a regular expression, until the test opens it. */
    private static final class Gate implements Fault {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch open = new CountDownLatch(1);
        private final String method;
        private final String path;

        Gate(String method, String path) {
            this.method = method;
            this.path = path;
        }

        @Override
        public @Nullable Answer of(String method, String path, @Nullable String query, HttpExchange exchange) {
            if (!method.equals(this.method) || !path.matches(this.path)) return null;
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }
    }
}
