package dev.lunasec.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client against a tokenizer and a store that answer badly, late or not at all. */
@Timeout(30)
@Tag("embedded")
class FailuresTest {
    private static final byte[] VALUE = "a secret".getBytes(StandardCharsets.UTF_8);
    private static final ObjectNode NOTHING = new ObjectMapper().createObjectNode();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    /** What the next answers of either server will be; 200 when there are no more. */
    private final ConcurrentLinkedQueue<Integer> ofTokenizer = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<Integer> ofStore = new ConcurrentLinkedQueue<>();
    private final AtomicInteger transfers = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable String authorization;
    private volatile @Nullable String stalls;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::tokenizer);
        server.createContext("/object", this::store);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.close();
    }

    @Test
    void aTokenizerThatStallsInMidBodyEndsWithinTheDeadline() {
        stalls = "/metadata/get";
        try (TokenizerClient client = client(Duration.ofSeconds(2))) {
            assertThatThrownBy(() -> client.metadata("lunasec-0"))
                    .hasFieldOrPropertyWithValue("code", ErrorCode.UNREACHABLE);
            assertThat(calls).as("a read that stalls is tried again").hasValue(3);
        }
    }

    @Test
    void aGrantWithLimitedUsesIsNotRepeatedWhenItsAnswerIsLost() {
        stalls = "/grant/set";
        GrantOptions once = GrantOptions.DEFAULT.times(1);
        try (TokenizerClient client = client(Duration.ofSeconds(2))) {
            assertThatThrownBy(() -> client.grant("session-1", "lunasec-0", once))
                    .hasFieldOrPropertyWithValue("code", ErrorCode.UNREACHABLE);
            assertThat(calls).hasValue(1);
            assertThatThrownBy(() -> client.grant("session-1", "lunasec-0", GrantOptions.DEFAULT))
                    .hasFieldOrPropertyWithValue("code", ErrorCode.UNREACHABLE);
            assertThat(calls).hasValue(1 + 3);
        }
    }

    @Test
    void aStoreThatStallsInMidBodyEndsWithinTheDeadline() {
        stalls = "/object";
        try (TokenizerClient client = client(Duration.ofSeconds(3))) {
            assertThatThrownBy(() -> client.detokenize("lunasec-0"))
                    .hasFieldOrPropertyWithValue("code", ErrorCode.TRANSFER_FAILED)
                    .hasStackTraceContaining("did not end in time");
            assertThatThrownBy(() -> client.tokenize(VALUE)).hasFieldOrPropertyWithValue("code", ErrorCode.UNREACHABLE);
        }
    }

    @Test
    void whatIsReadInTimeIsWhole() {
        try (TokenizerClient client = client(Duration.ofSeconds(10))) {
            assertThat(client.detokenize("lunasec-0")).isEqualTo(VALUE);
        }
    }

    @Test
    void aTransferIsTriedAgainWhereTheStoreMayDoBetter() {
        try (TokenizerClient client = client(Duration.ofSeconds(10))) {
            for (int status : List.of(409, 429, 500, 502, 503, 504)) {
                transfers.set(0);
                ofStore.add(status);
                assertThat(client.tokenize(VALUE)).isEqualTo("lunasec-0");
                ofStore.add(status);
                assertThat(client.detokenize("lunasec-0")).isEqualTo(VALUE);
                assertThat(transfers).as("%d", status).hasValue(4);
            }
        }
    }

    @Test
    void aStreamIsSentOnceAndARefusalIsFinal() {
        try (TokenizerClient client = client(Duration.ofSeconds(10))) {
            ofStore.add(500);
            assertThatThrownBy(() -> client.tokenize(Value.of(new ByteArrayInputStream(VALUE), VALUE.length), NOTHING))
                    .hasFieldOrPropertyWithValue("status", 500);
            ofStore.add(403);
            assertThatThrownBy(() -> client.detokenize("lunasec-0")).hasFieldOrPropertyWithValue("status", 403);
            assertThat(transfers).hasValue(2);
        }
    }

    @Test
    void aTokenizerIsAskedAgainWhenItIsBusyAndNotWhenItIsAtFault() {
        try (TokenizerClient client = client(Duration.ofSeconds(10))) {
            for (int status : List.of(429, 502, 503)) {
                calls.set(0);
                ofTokenizer.add(status);
                client.metadata("lunasec-0");
                assertThat(calls).as("%d", status).hasValue(2);
            }
            for (int status : List.of(409, 500)) {
                calls.set(0);
                ofTokenizer.add(status);
                assertThatThrownBy(() -> client.metadata("lunasec-0")).hasFieldOrPropertyWithValue("status", status);
                assertThat(calls).as("%d", status).hasValue(1);
            }
        }
    }

    @Test
    void aBearerIsStripped() {
        try (TokenizerClient client = TokenizerClient.builder(base())
                .bearer(() -> " eyJ.e30.c2ln\r\n")
                .build()) {
            client.metadata("lunasec-0");
            assertThat(authorization).isEqualTo("Bearer eyJ.e30.c2ln");
        }
    }

    @Test
    void aBearerThatNoHeaderCanHoldIsNotRepeated() {
        for (String bad : List.of("eyJ.e30\n.c2ln", "eyJ.e30\0.c2ln", "eyJ.e30 .c2ln", "eyJ.e30\u00e9\u20ac.c2ln")) {
            try (TokenizerClient client =
                    TokenizerClient.builder(base()).bearer(() -> bad).build()) {
                TokenizerException refused =
                        catchThrowableOfType(TokenizerException.class, () -> client.metadata("lunasec-0"));
                assertThat(refused).hasMessageContaining("no header can hold").hasNoCause();
                assertThat(refused.getMessage()).doesNotContain("eyJ", "c2ln");
                assertThat(calls).hasValue(0);
            }
        }
    }

    private TokenizerClient client(Duration timeout) {
        return TokenizerClient.builder(base())
                .callTimeout(timeout)
                .transferTimeout(timeout)
                .build();
    }

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void tokenizer(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        authorization = exchange.getRequestHeaders().getFirst("authorization");
        String url = base() + "/object";
        String body = "{\"success\":true,\"data\":{\"tokenId\":\"lunasec-0\",\"uploadUrl\":\"" + url
                + "\",\"downloadUrl\":\"" + url + "\",\"headers\":{},\"metadata\":{}}}";
        answer(exchange, ofTokenizer.poll(), body.getBytes(StandardCharsets.UTF_8));
    }

    private void store(HttpExchange exchange) throws IOException {
        transfers.incrementAndGet();
        answer(exchange, ofStore.poll(), VALUE);
    }

    private void answer(HttpExchange exchange, @Nullable Integer status, byte[] body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status == null ? 200 : status, body.length);
            boolean half = exchange.getRequestURI().getPath().equals(stalls);
            exchange.getResponseBody().write(body, 0, half ? body.length / 2 : body.length);
            exchange.getResponseBody().flush();
            if (half) end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
