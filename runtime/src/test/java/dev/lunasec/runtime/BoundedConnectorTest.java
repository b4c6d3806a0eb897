package dev.lunasec.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lunasec.runtime.BoundedConnector.Bounds;
import dev.lunasec.runtime.BoundedConnector.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Slow, idle and half-open connections of real sockets. */
@Tag("embedded")
@Timeout(60)
class BoundedConnectorTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final String WORK = "GET /work HTTP/1.1\r\nhost: x\r\n\r\n";
    private static final String KNOWN = "GET /known HTTP/1.1\r\nhost: x\r\n\r\n";
    private static final String HALF = "GET /known HT";

    private final Server server = new Server();
    private final Semaphore working = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        for (Socket socket : sockets) socket.close();
        server.stop();
    }

    @Test
    void aNewCallerTakesThePlaceOfTheConnectionThatWaitsForTheLongestTime() throws Exception {
        BoundedConnector connector = start(new Bounds(3, LONG, LONG));
        Socket first = open(connector, HALF);
        Socket second = open(connector, "");
        Socket third = open(connector, HALF);
        assertThat(status(open(connector, KNOWN))).isEqualTo("200");
        assertThat(isClosed(first)).isTrue();
        assertThat(status(open(connector, KNOWN))).isEqualTo("200");
        assertThat(isClosed(second)).isTrue();
        send(third, "TP/1.1\r\nhost: x\r\n\r\n");
        assertThat(status(third)).as("the newest one of the three").isEqualTo("200");
        assertThat(connector.closed(Reason.TOO_MANY)).isEqualTo(2);
    }

    @Test
    void connectionsThatOpenAtTheSameTimeEachCostOne() throws Exception {
        BoundedConnector connector = start(new Bounds(4, LONG, LONG));
        int each = 250;
        Queue<Socket> opened = new ConcurrentLinkedQueue<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.invokeAll(Collections.nCopies(8, () -> {
                for (int i = 0; i < each; i++) opened.add(new Socket(HERE, connector.getLocalPort()));
                return each;
            }));
        }
        sockets.addAll(opened);
        assertThat(sockets).hasSize(8 * each);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(connector.closed(Reason.TOO_MANY)).isEqualTo(8 * each - 4));
        assertThat(connector.connections()).isEqualTo(4);
    }

    @Test
    void anIdleConnectionOfAKnownCallerOutlivesAFloodOfUnknownOnes() throws Exception {
        BoundedConnector connector = start(new Bounds(4, LONG, LONG));
        Socket known = open(connector, KNOWN);
        assertThat(status(known)).isEqualTo("200");
        for (int i = 0; i < 100; i++) open(connector, HALF);
        send(known, KNOWN);
        assertThat(status(known)).isEqualTo("200");
    }

    @Test
    void knownCallersCannotCloseTheServerToNewOnes() throws Exception {
        BoundedConnector connector = start(new Bounds(4, LONG, LONG));
        for (int i = 0; i < 20; i++)
            assertThat(status(open(connector, KNOWN))).as("caller " + i).isEqualTo("200");
    }

    @Test
    void aRequestThatIsWorkedOnKeepsItsConnectionAndTheNewOneIsClosed() throws Exception {
        BoundedConnector connector = start(new Bounds(2, LONG, LONG));
        Socket one = open(connector, WORK);
        Socket two = open(connector, WORK);
        working.acquire(2);
        assertThat(isClosed(open(connector, ""))).isTrue();
        end.countDown();
        assertThat(status(one)).isEqualTo("200");
        assertThat(status(two)).isEqualTo("200");
    }

    @Test
    void headersThatDripAreCutOffAlthoughTheConnectionIsNeverIdle() throws Exception {
        BoundedConnector connector = start(new Bounds(9, SHORT, LONG));
        Socket slow = open(connector, "GET / HTTP/1.1\r\n");
        await().atMost(LONG).until(() -> !drips(slow, "a"));
        assertThat(connector.closed(Reason.SLOW_HEADERS)).isEqualTo(1);
    }

    @Test
    void aBodyThatDripsIsCutOffAlthoughTheConnectionIsNeverIdle() throws Exception {
        BoundedConnector connector = start(new Bounds(9, LONG, SHORT));
        Socket slow = open(connector, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n");
        await().atMost(LONG).until(() -> !drips(slow, "a"));
        assertThat(connector.closed(Reason.SLOW_BODY)).isEqualTo(1);
    }

    @Test
    void workMayTakeLongerThanTheBody() throws Exception {
        BoundedConnector connector = start(new Bounds(9, LONG, SHORT));
        Socket patient = open(connector, "POST /work HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody");
        working.acquire();
        Socket slow = open(connector, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n");
        // The server has compared all connections with their deadlines when it closes the second one.
        assertThat(isClosed(slow)).isTrue();
        end.countDown();
        assertThat(status(patient)).isEqualTo("200");
    }

    @Test
    void aCallerThatWasToldToSendItsBodyMayWaitForItsAnswer() throws Exception {
        BoundedConnector connector = start(new Bounds(9, LONG, SHORT));
        Socket patient =
                open(connector, "POST /work HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n");
        assertThat(head(patient)).startsWith("HTTP/1.1 100");
        send(patient, "body");
        working.acquire();
        Socket slow = open(connector, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n");
        assertThat(isClosed(slow)).isTrue();
        end.countDown();
        assertThat(status(patient)).isEqualTo("200");
    }

    @Test
    void aCallerThatDoesNotTakeItsAnswerIsDisconnected() throws Exception {
        BoundedConnector connector = start(new Bounds(9, LONG, SHORT));
        open(connector, "GET /large HTTP/1.1\r\nhost: x\r\n\r\n");
        await().atMost(LONG).until(() -> connector.closed(Reason.SLOW_READER) == 1 && connector.connections() == 0);
    }

    private BoundedConnector start(Bounds bounds) throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        BoundedConnector connector = new BoundedConnector(server, http, bounds, new HttpConnectionFactory(http));
        connector.setHost(HERE.getHostAddress());
        connector.setIdleTimeout(LONG.toMillis());
        // A connection that finds the queue full waits for seconds.
        connector.setAcceptQueueSize(2_000);
        server.addConnector(connector);
        server.setHandler(new Paths());
        server.start();
        return connector;
    }

    private final class Paths extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Content.Source.asInputStream(request).readAllBytes();
            String path = Request.getPathInContext(request);
            if (path.equals("/known"))
                BoundedConnector.callerIsKnown(request.getAttribute(BoundedConnector.CONNECTION));
            if (path.equals("/work")) {
                working.release();
                end.await();
            }
            response.write(true, ByteBuffer.allocate(path.equals("/large") ? 64 << 20 : 2), callback);
            return true;
        }
    }

    /** A connection that the server has accepted before this returns. */
    private Socket open(BoundedConnector connector, String begin) throws IOException {
        long before = accepted(connector);
        Socket socket = new Socket(HERE, connector.getLocalPort());
        sockets.add(socket);
        socket.setSoTimeout((int) LONG.toMillis());
        await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(() -> accepted(connector) > before);
        send(socket, begin);
        return socket;
    }

    private static long accepted(BoundedConnector connector) {
        return connector.closed(Reason.TOO_MANY) + connector.connections();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static boolean drips(Socket socket, String text) {
        try {
            send(socket, text);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The status of the next answer, whose body is two bytes. */
    private static String status(Socket socket) throws IOException {
        String head = head(socket);
        socket.getInputStream().readNBytes(2);
        return head.substring(9, 12);
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) throw new IOException("the server closed the connection after: " + answer);
            answer.append((char) next);
        }
        return answer.toString();
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }
}
