package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The time of a store is what the store says, not what the clock of this machine says. */
@Tag("embedded")
class StoreClockTest {
    @Test
    void theTimeIsTheOneOfTheStore() throws Exception {
        assertThat(timeOf("Date: Fri, 01 Jan 2027 00:00:00 GMT\r\n")).contains(Instant.parse("2027-01-01T00:00:00Z"));
    }

    @Test
    void aStoreThatDoesNotSayItsTimeHasNone() throws Exception {
        assertThat(timeOf("")).isEmpty();
        assertThat(timeOf("Date: yesterday\r\n")).isEmpty();
    }

    private static Optional<Instant> timeOf(String header) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> answer(server, header));
            URI endpoint = URI.create("http://127.0.0.1:" + server.getLocalPort());
            try (S3Connection connection = new S3Connection(
                    new StoreLocation("vault", "us-east-1", endpoint, true),
                    new AccessKeys("access", "secret"),
                    null)) {
                return StoreClock.now(connection.s3(), "vault");
            }
        }
    }

    private static void answer(ServerSocket server, String header) {
        String body = "<ListBucketResult></ListBucketResult>";
        try (Socket socket = server.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {}
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\n" + header + "Content-Length: " + body.length()
                                    + "\r\nConnection: close\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The caller sees no answer, and its assertion fails.
        }
    }
}
