package dev.lunasec.tokenizer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.IdentityProof;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.ops.Health.Dependency;
import dev.lunasec.tokenizer.store.BucketIdentity;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The first check, with a store that answers 503 to everything. */
@Tag("embedded")
@Timeout(60)
class SelfCheckTest {
    /** Shorter than a check waits for an answer of the store. */
    private static final Duration IN_STORE = Duration.ofSeconds(3);

    private static final Duration IN_REDIS = Duration.ofSeconds(30);

    private final CountDownLatch redisAsked = new CountDownLatch(1);
    private final CountDownLatch canaryAsked = new CountDownLatch(1);
    private final CountDownLatch identityAsked = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean canaryKnewOfRedis;
    private volatile boolean canaryKnewOfIdentity;
    private HttpServer store;
    private S3Connection connection;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.setExecutor(threads);
        store.createContext("/", this::refuse);
        store.start();
        URI endpoint = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
        connection = new S3Connection(
                new StoreLocation("vault", "us-east-1", endpoint, true), new AccessKeys("a", "b"), null);
        // The first request of the SDK takes long, and the canary does not wait for ever.
        assertThatThrownBy(() -> connection.s3().listBuckets()).isInstanceOf(S3Exception.class);
    }

    @AfterEach
    void stop() {
        connection.close();
        store.stop(0);
        threads.shutdownNow();
    }

    /** Each of them answers only when the others have been asked. */
    @Test
    void redisTheCanaryAndTheIdentityAreAskedAtTheSameTime() throws InterruptedException {
        Health first = firstCheck(() -> {
            redisAsked.countDown();
            if (!isAsked(canaryAsked, IN_REDIS))
                throw new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, "The store was not asked.");
        });
        assertThat(first.dependencies())
                .extracting(Dependency::name, Dependency::reason)
                .containsExactly(tuple("redis", ""), tuple("storage", "StoreFailed"));
        assertThat(canaryKnewOfRedis).isTrue();
        assertThat(canaryKnewOfIdentity).isTrue();
    }

    @Test
    void aBugInTheCheckOfRedisIsNoReadiness() throws InterruptedException {
        redisAsked.countDown();
        Health first = firstCheck(() -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(first.dependencies()).extracting(Dependency::reason).containsOnly("CheckFailed");
        assertThat(first.ready()).isFalse();
    }

    private Health firstCheck(Runnable ping) throws InterruptedException {
        BucketIdentity identity = new BucketIdentity(IdentityProof.of(connection, new byte[32]));
        try (SelfCheck check = new SelfCheck(grants(ping), connection, identity, Intervals.USUAL)) {
            check.start();
            assertThat(check.firstPermanentFault()).isNull();
            return check.health();
        }
    }

    private static Grants grants(Runnable ping) {
        return (Grants) Proxy.newProxyInstance(
                Grants.class.getClassLoader(), new Class<?>[] {Grants.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("memoryRatio")) return 0.5;
                    ping.run();
                    return null;
                });
    }

    private void refuse(HttpExchange request) throws IOException {
        if (String.valueOf(request.getRequestURI().getQuery()).contains("list-type=2")) {
            identityAsked.countDown();
        } else if (request.getRequestURI().getPath().startsWith("/vault/")) {
            canaryAsked.countDown();
            canaryKnewOfRedis = isAsked(redisAsked, IN_STORE);
            canaryKnewOfIdentity = isAsked(identityAsked, IN_STORE);
        }
        request.sendResponseHeaders(503, -1);
        request.close();
    }

    private static boolean isAsked(CountDownLatch asked, Duration within) {
        try {
            return asked.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
