package dev.lunasec.tokenizer.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.tokenizer.testing.Api;
import dev.lunasec.tokenizer.testing.TestVault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One caller fills a tokenizer with slow requests or idle connections, while others call. */
@Tag("embedded")
@Timeout(120)
class SlowCallersTest {
    @TempDir
    Path folder;

    private final List<Socket> sockets = new ArrayList<>();
    private TestVault vault;

    @BeforeEach
    void start() {
        vault = new TestVault(folder);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) socket.close();
        vault.close();
    }

    @Test
    void sevenHundredSlowBodiesOfOneUserRefuseNobodyElse() throws Exception {
        String headers = "POST /tokenize HTTP/1.1\r\nhost: x\r\nauthorization: " + vault.issuer.jwt("user", "slow")
                + "\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
        for (int i = 0; i < 700; i++) open(headers);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> metric("tokenizer_requests_refused_total{reason=\"session\"}") > 0);
        everyoneElseIsServed();
    }

    @Test
    void moreHalfOpenConnectionsThanTheServerHoldsRefuseNobody() throws Exception {
        for (int i = 0; i < 1_200; i++) open(i % 2 == 0 ? "POST /tok" : "");
        everyoneElseIsServed();
        // The last ones may still wait to be accepted.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> metric("tokenizer_connections_closed_total{reason=\"too_many\"}") >= 176);
        assertThat(metric("tokenizer_connections_open")).isLessThanOrEqualTo(metric("tokenizer_connections_limit"));
    }

    /** Each call has a connection of its own. */
    private void everyoneElseIsServed() {
        for (int i = 0; i < 20; i++) {
            String user = vault.issuer.jwt("user", "session-" + i);
            assertThat(new Api(vault.url()).post("/tokenize", user, "{}").status())
                    .isEqualTo(200);
            String application = vault.issuer.jwt("application", "");
            assertThat(new Api(vault.url()).post("/tokenize", application, "{}").status())
                    .isEqualTo(200);
        }
    }

    private void open(String begin) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), vault.url().getPort());
        sockets.add(socket);
        socket.getOutputStream().write(begin.getBytes(US_ASCII));
    }

    private double metric(String name) {
        Api management = new Api(vault.management());
        return management
                .send(management.request("/metrics").GET())
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }
}
