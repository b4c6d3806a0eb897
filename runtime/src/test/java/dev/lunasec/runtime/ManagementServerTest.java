package dev.lunasec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lunasec.runtime.ManagementServer.Readiness;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Probes and scrapes over real connections, with callers that are slow and metrics that hang. */
@Timeout(60)
@Tag("embedded")
class ManagementServerTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile Readiness readiness = Readiness.of(true);
    private ManagementServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ManagementServer(HERE, 0, () -> readiness, metrics);
    }

    @AfterEach
    void stop() {
        server.close();
        http.shutdownNow();
    }

    @Test
    void probesAreAnswered() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        readiness = new Readiness(false, "{\"ready\":false,\"because\":\"redis\"}");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("{\"ready\":false,\"because\":\"redis\"}\n");
        assertThat(get("/livez").statusCode())
                .as("it lives although it is not ready")
                .isEqualTo(200);
        assertThat(get("/livez/x").statusCode()).isEqualTo(404);
    }

    @Test
    void metricsComeInTheFormatThatIsAskedFor() throws Exception {
        metrics.register(() -> gauge(7));
        HttpResponse<String> text = get("/metrics");
        assertThat(text.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(text.body()).contains("a_gauge 7.0");
        HttpResponse<String> open = http.send(
                request("/metrics")
                        .header("accept", "application/openmetrics-text")
                        .build(),
                BodyHandlers.ofString());
        assertThat(open.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(open.body()).contains("a_gauge 7.0").endsWith("# EOF\n");
    }

    @Test
    void theMetricsTellHowManyConnectionsOfThePortAreOpen() throws Exception {
        List<Socket> halfSent = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) halfSent.add(halfARequest());
            // The connection of the scrape is the fourth one.
            await().untilAsserted(() -> assertThat(newConnection("/metrics"))
                    .contains("tokenizer_management_connections_open 4.0")
                    .contains("tokenizer_management_connections_limit 128.0"));
        } finally {
            for (Socket socket : halfSent) socket.close();
        }
    }

    @Test
    void scrapesThatHangDoNotKeepProbesFromTheirAnswer() throws Exception {
        Semaphore begun = new Semaphore(0);
        CountDownLatch end = new CountDownLatch(1);
        metrics.register(() -> {
            begun.release();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return gauge(1);
        });
        List<CompletableFuture<HttpResponse<String>>> hanging = new ArrayList<>();
        for (int i = 0; i < 4; i++)
            hanging.add(http.sendAsync(request("/metrics").build(), BodyHandlers.ofString()));
        begun.acquire(4);
        for (int i = 0; i < 200; i++) {
            assertThat(get("/metrics").statusCode()).isEqualTo(503);
        }
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        end.countDown();
        for (CompletableFuture<HttpResponse<String>> scrape : hanging) {
            assertThat(scrape)
                    .succeedsWithin(SOON)
                    .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200));
        }
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void aCallerThatSendsHalfARequestDelaysNobodyAndIsDisconnected() throws Exception {
        List<Socket> halfSent = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket(HERE, server.port());
                halfSent.add(socket);
                socket.setSoTimeout((int) SOON.toMillis());
                socket.getOutputStream().write("GET /li".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(get("/livez").statusCode()).isEqualTo(200);
            for (Socket socket : halfSent) {
                InputStream in = socket.getInputStream();
                assertThat(in.read()).as("the server closed the connection").isEqualTo(-1);
            }
        } finally {
            for (Socket socket : halfSent) socket.close();
        }
    }

    /** More than the server has places, and each connection that the server closes is replaced at once. */
    @Test
    void probesAreAnsweredWhileHalfOpenRequestsFillTheServer() throws Exception {
        List<Socket> halfOpen = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) halfOpen.add(halfARequest());
            for (int i = 0; i < 50; i++) {
                assertThat(newConnection("/livez")).startsWith("HTTP/1.1 200");
                assertThat(newConnection("/readyz")).startsWith("HTTP/1.1 200");
                for (int j = 0; j < 20; j++) halfOpen.add(halfARequest());
            }
        } finally {
            for (Socket socket : halfOpen) socket.close();
        }
    }

    private Socket halfARequest() throws IOException {
        Socket socket = new Socket(HERE, server.port());
        socket.getOutputStream().write("GET /li".getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /**
     * As the kubelet asks: with a connection of its own, and two seconds for the answer. Its third failure counts.
     */
    private String newConnection(String path) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return probe(path);
            } catch (SocketTimeoutException e) {
                if (attempt == 3) throw e;
            }
        }
    }

    private String probe(String path) throws IOException {
        try (Socket socket = new Socket(HERE, server.port())) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aPortInUseIsNamed() {
        assertThatThrownBy(() -> new ManagementServer(HERE, server.port(), () -> readiness, metrics))
                .isInstanceOf(IOException.class)
                .hasMessage("the management port " + server.port() + " is in use");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(SOON);
    }

    private static GaugeSnapshot gauge(double value) {
        return GaugeSnapshot.builder()
                .name("a_gauge")
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }
}
