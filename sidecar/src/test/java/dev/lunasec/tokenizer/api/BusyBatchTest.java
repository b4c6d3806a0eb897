package dev.lunasec.tokenizer.api;

import static dev.lunasec.tokenizer.api.RoutesTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.s3.AccessKeys;
import dev.lunasec.s3.S3Connection;
import dev.lunasec.s3.StoreLocation;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.FrameCodes;
import dev.lunasec.tokenizer.grant.Grants;
import dev.lunasec.tokenizer.grant.LoginStates;
import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.Api.Answer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many items of a batch work at the same time, and what share of the pod a batch takes. */
@Tag("embedded")
class BusyBatchTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Semaphore entered = new Semaphore(0);
    private final Semaphore mayLeave = new Semaphore(0);
    private final AtomicInteger atTheStore = new AtomicInteger();
    private final AtomicInteger mostAtTheStore = new AtomicInteger();
    private final CountDownLatch four = new CountDownLatch(4);

    @Test
    void allItemsAskRedisAtTheSameTime() throws Exception {
        try (S3Connection connection = connection(URI.create("http://127.0.0.1:1"));
                TokenizerServer server = BusyTest.server(connection, waiting(), new NoLogins(), metrics, 512)) {
            server.start();
            CompletableFuture<Answer> batch = batch(api(server), 100);
            assertThat(entered.tryAcquire(100, 30, TimeUnit.SECONDS)).isTrue();
            assertThat(gauge("tokenizer.batch.items.active")).isEqualTo(100);
            assertThat(gauge("tokenizer.batch.items.limit")).isEqualTo(256);
            mayLeave.release(100);
            assertThat(batch.get(30, TimeUnit.SECONDS).text()).contains("noGrant");
        }
        assertThat(gauge("tokenizer.batch.items.active")).isZero();
        assertThat(metrics.get("tokenizer.batch.items")
                        .tag("route", "/detokenize")
                        .tag("result", "noGrant")
                        .counter()
                        .count())
                .isEqualTo(100);
    }

    @Test
    void aBatchCountsAsFourCallsOfItsApplication() throws Exception {
        try (S3Connection connection = connection(URI.create("http://127.0.0.1:1"));
                TokenizerServer server = BusyTest.server(connection, waiting(), new NoLogins(), metrics, 8)) {
            server.start();
            Api api = api(server);
            CompletableFuture<Answer> batch = batch(api, 1);
            assertThat(entered.tryAcquire(1, 30, TimeUnit.SECONDS)).isTrue();
            refused(batch(api, 1).get(30, TimeUnit.SECONDS), 429, "tooManyRequests");
            CompletableFuture<Answer> single = CompletableFuture.supplyAsync(
                    () -> api.post("/detokenize", "application one", Api.of(Api.unknownToken())),
                    Thread::startVirtualThread);
            assertThat(entered.tryAcquire(1, 30, TimeUnit.SECONDS)).isTrue();
            mayLeave.release(3);
            assertThat(batch.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
            refused(single.get(30, TimeUnit.SECONDS), 403, "noGrant");
            assertThat(batch(api, 1).get(30, TimeUnit.SECONDS).status())
                    .as("the places are free again")
                    .isEqualTo(200);
        }
    }

    @Test
    void fourItemsWorkWithTheStoreAtTheSameTimeAndNoMore() throws Exception {
        HttpServer store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                S3Connection connection = connection(
                        URI.create("http://127.0.0.1:" + store.getAddress().getPort()));
                TokenizerServer server = BusyTest.server(connection, granting(), new NoLogins(), metrics, 512)) {
            store.setExecutor(threads);
            store.createContext("/", this::notFound);
            store.start();
            server.start();
            Answer answer = batch(api(server), 20).get(30, TimeUnit.SECONDS);
            assertThat(answer.data().findValuesAsText("name")).hasSize(20).containsOnly("unknownToken");
            assertThat(mostAtTheStore).hasValue(4);
        } finally {
            store.stop(0);
        }
    }

    private double gauge(String name) {
        return metrics.get(name).gauge().value();
    }

    private static final class NoLogins implements LoginStates, FrameCodes {
        @Override
        public String begin(String application, String nonce) {
            throw new IllegalStateException("nobody makes a code");
        }

        @Override
        public boolean take(String application, String id, String nonce) {
            return false;
        }

        @Override
        public String begin(String issuer) {
            throw new CallFailed(ErrorCode.GRANTS_UNAVAILABLE, "There is no Redis.");
        }

        @Override
        public boolean take(String state, String issuer) {
            return false;
        }
    }

    /** The first four requests wait for each other. */
    private void notFound(HttpExchange exchange) throws IOException {
        try (exchange) {
            mostAtTheStore.accumulateAndGet(atTheStore.incrementAndGet(), Math::max);
            four.countDown();
            if (!four.await(3, TimeUnit.SECONDS)) throw new IOException("fewer than four requests came");
            // Before the answer, because the next request may come as soon as it is read.
            atTheStore.decrementAndGet();
            byte[] absent = "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, absent.length);
            exchange.getResponseBody().write(absent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Grants waiting() {
        return grants(() -> {
            entered.release();
            mayLeave.acquireUninterruptibly();
            throw new CallFailed(ErrorCode.NO_GRANT, "There is no grant.");
        });
    }

    private static Grants granting() {
        return grants(() -> Duration.ofMinutes(1));
    }

    private static Grants grants(Supplier<Object> answer) {
        return (Grants) Proxy.newProxyInstance(
                Grants.class.getClassLoader(),
                new Class<?>[] {Grants.class},
                (proxy, method, arguments) -> answer.get());
    }

    private static S3Connection connection(URI store) {
        return new S3Connection(new StoreLocation("vault", "us-east-1", store, true), new AccessKeys("a", "b"), null);
    }

    private static Api api(TokenizerServer server) {
        return new Api(URI.create("http://127.0.0.1:" + server.port()));
    }

    private static CompletableFuture<Answer> batch(Api api, int items) {
        String body = Stream.generate(() -> Api.of(Api.unknownToken()))
                .limit(items)
                .collect(Collectors.joining(",", "{\"items\":[", "]}"));
        return CompletableFuture.supplyAsync(
                () -> api.post("/detokenize/batch", "application one", body), Thread::startVirtualThread);
    }
}
