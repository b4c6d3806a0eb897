package dev.lunasec.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.bench.Window.Counters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loads of the benchmark count what a server really answered. */
@Tag("embedded")
@Timeout(60)
class LoadTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration STALL = Duration.ofMillis(300);

    private final Map<String, AtomicLong> asked = new ConcurrentHashMap<>();
    private final AtomicLong answers = new AtomicLong();
    private volatile long refused = Long.MAX_VALUE;
    private volatile long stalled = Long.MAX_VALUE;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aClosedLoopCountsTheAnswersOfTheMeasuredTimeAndSendsEachRequest() throws Exception {
        AtomicLong atStart = new AtomicLong(-1);
        AtomicLong atEnd = new AtomicLong();
        Window window = new ClosedLoop(
                        cycle(10, 2),
                        () -> {
                            // One reading: the server goes on answering.
                            long now = answers.get();
                            (atStart.get() < 0 ? atStart : atEnd).set(now);
                            return new Counters(0, 0, now, 0);
                        },
                        SHORT,
                        SHORT)
                .run(port(), 2);
        assertThat(window.lasted()).isBetween(SHORT, SHORT.multipliedBy(20));
        // The server may have answered what the load has not yet read, at most one on each connection.
        assertThat(window.requests()).isPositive().isCloseTo(atEnd.get() - atStart.get(), within(2));
        assertThat(window.used().reads()).isEqualTo(atEnd.get() - atStart.get());
        assertThat(asked).hasSize(10);
        assertThat(asked.values().stream().mapToLong(AtomicLong::get).min().orElseThrow())
                .isGreaterThan(answers.get() / 20);
    }

    @Test
    void aClosedLoopEndsWithItsLastRequestAndMeasuresUntilThen() throws Exception {
        Window window = new ClosedLoop(
                        Requests.once(requests(200)),
                        () -> new Counters(0, 0, answers.get(), 0),
                        Duration.ZERO,
                        Duration.ofDays(1))
                .run(port(), 2);
        assertThat(answers).hasValue(200);
        // The first answers begin the measured time.
        assertThat(window.requests()).isBetween(190L, 200L);
        assertThat(window.used().reads()).isBetween(190L, 200L);
        assertThat(window.micros().getTotalCount()).isEqualTo(window.requests());
        assertThat(window.lasted()).isPositive();
    }

    @Test
    void callersMakeOneCallAfterTheOtherUntilTheTimeIsOver() throws Exception {
        try (KeepAliveConnection first = KeepAliveConnection.blocking(0, port());
                KeepAliveConnection second = KeepAliveConnection.blocking(1, port())) {
            KeepAliveConnection[] connections = {first, second};
            byte[][] requests = requests(2);
            Window window = new CallerLoad(
                            2, () -> Counters.NONE, caller -> connections[caller].exchange(requests[caller]))
                    .run(SHORT, SHORT);
            assertThat(window.lasted()).isGreaterThanOrEqualTo(SHORT);
            assertThat(window.requests()).isPositive().isLessThan(answers.get());
            assertThat(window.micros().getTotalCount()).isEqualTo(window.requests());
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void aRefusalEndsALoadOfCallers() throws Exception {
        refused = 50;
        try (KeepAliveConnection connection = KeepAliveConnection.blocking(0, port())) {
            byte[][] requests = requests(1);
            CallerLoad load = new CallerLoad(1, () -> Counters.NONE, caller -> connection.exchange(requests[0]));
            assertThatThrownBy(() -> load.run(SHORT, Duration.ofMinutes(1)))
                    .hasCauseInstanceOf(UnexpectedAnswer.class)
                    .hasRootCauseMessage("The status of an answer is 429, not 200: " + "x".repeat(300));
        }
    }

    @Test
    void aRefusalEndsAClosedLoop() {
        refused = 50;
        assertThatThrownBy(() ->
                        new ClosedLoop(cycle(10, 2), () -> Counters.NONE, SHORT, Duration.ofMinutes(1)).run(port(), 2))
                .isInstanceOf(UnexpectedAnswer.class)
                .hasMessageContaining("429");
    }

    @Test
    void aRefusalEndsAnOpenLoop() throws Exception {
        refused = 50;
        try (OpenLoop open = new OpenLoop(port(), 2, cycle(10, 2))) {
            assertThatThrownBy(() -> open.run(500, SHORT, Duration.ofMinutes(1)))
                    .isInstanceOf(UnexpectedAnswer.class)
                    .hasMessageContaining("429");
        }
    }

    @Test
    void anOpenLoopCountsAStallForEachRequestThatItDelays() throws Exception {
        stalled = 50;
        Histogram micros;
        try (OpenLoop open = new OpenLoop(port(), 1, cycle(10, 1))) {
            micros = open.run(200, SHORT, Duration.ofSeconds(1));
        }
        assertThat(micros.getTotalCount()).isEqualTo(200);
        assertThat(answers).hasValue(240);
        // 200 requests per second wait for the one connection, which stalls for 300 ms: 40 of them for 100 ms and more.
        long late = micros.getCountBetweenValues(TimeUnit.MILLISECONDS.toMicros(100), micros.getMaxValue());
        assertThat(late).isGreaterThanOrEqualTo(35);
        assertThat(micros.getMaxValue()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toMicros(290));
    }

    @Test
    void allRequestsAreSentOnce() throws Exception {
        byte[][] requests = requests(11);
        int[] sent = new int[1];
        ClosedLoop.sendAll(port(), 3, connection -> sent[0] < requests.length ? requests[sent[0]++] : null);
        assertThat(asked)
                .hasSize(11)
                .allSatisfy((path, times) -> assertThat(times).hasValue(1));
    }

    private static Offset<Long> within(long most) {
        return Offset.offset(most);
    }

    private static Requests cycle(int number, int connections) {
        return Requests.cycle(requests(number), connections);
    }

    private static byte[][] requests(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> Requests.post("/" + i, "authorization: x", "{\"number\":" + i + "}"))
                .toArray(byte[][]::new);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            if (!body.equals("{\"number\":" + path.substring(1) + "}")) throw new IOException("another body");
            asked.computeIfAbsent(path, any -> new AtomicLong()).incrementAndGet();
            long number = answers.incrementAndGet();
            if (number == stalled) LockSupport.parkNanos(STALL.toNanos());
            byte[] answer = "x".repeat(500).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(number == refused ? 429 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
