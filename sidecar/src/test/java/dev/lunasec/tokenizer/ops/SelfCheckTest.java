package dev.lunasec.tokenizer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first check, with a store that closes each connection. */
@Tag("embedded")
@Timeout(60)
class SelfCheckTest {
    private static final int SECONDS = 3;

    private final CountDownLatch redisAsked = new CountDownLatch(1);
    private final CountDownLatch storeAsked = new CountDownLatch(1);
    private volatile boolean storeKnewOfRedis;
    private ServerSocket store;
    private S3Connection connection;

    @BeforeEach
    void start() throws IOException {
        store = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::closeAll);
        connection = new S3Connection(
                new StoreLocation("vault", "us-east-1", URI.create("http://127.0.0.1:" + store.getLocalPort()), true),
                new AccessKeys("a", "b"),
                null);
    }

    @AfterEach
    void stop() throws IOException {
        connection.close();
        store.close();
    }

    /** Each of them answers only when the other one has been asked. */
    @Test
    void redisAndTheStoreAreAskedAtTheSameTime() throws InterruptedException {
        Health first = firstCheck(() -> {
            redisAsked.countDown();
            if (!isAsked(storeAsked)) throw new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, "The store was not asked.");
        });
        assertThat(first.dependencies())
                .extracting(Dependency::name, Dependency::reason)
                .containsExactly(tuple("redis", ""), tuple("storage", "StoreUnreachable"));
        assertThat(storeKnewOfRedis).isTrue();
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

    private void closeAll() {
        try {
            while (true) {
                try (Socket request = store.accept()) {
                    storeAsked.countDown();
                    storeKnewOfRedis = isAsked(redisAsked);
                }
            }
        } catch (IOException e) {
            // The test has ended.
        }
    }

    private static boolean isAsked(CountDownLatch asked) {
        try {
            return asked.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
