package dev.lunasec.tokenizer.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("embedded")
class ListenerTest {
    private static final int SOON = 60_000;

    /** The cache of Jetty would keep the JWT of a caller as long as its connection. */
    @Test
    void noHeadersAreKeptBetweenRequests() {
        HttpConfiguration http = new HttpConfiguration();
        Listener.harden(http);
        assertThat(http.getHeaderCacheSize()).isZero();
    }

    @Test
    void aStopAlsoEndsAConnectionThatIsBeingAccepted() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        CountDownLatch accepted = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        ConnectionFactory slow = new HttpConnectionFactory(http) {
            @Override
            public Connection newConnection(Connector connector, EndPoint endPoint) {
                accepted.countDown();
                awaitQuietly(stopping);
                return super.newConnection(connector, endPoint);
            }
        };
        try (DrainingConnector connector = new DrainingConnector(server, http, Listener.BOUNDS, slow)) {
            connector.setIdleTimeout(SOON);
            server.addConnector(connector);
            server.start();
            try (Socket late = new Socket(here, connector.getLocalPort())) {
                late.setSoTimeout((int) Listener.STOP.toMillis() / 2);
                accepted.await();
                var unused = connector.shutdown();
                stopping.countDown();
                assertThat(late.getInputStream().read())
                        .as("the end of the connection")
                        .isEqualTo(-1);
            } finally {
                server.stop();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The idle connection, which the server hangs up on, is the clock: the other one has been silent for longer. */
    @Test
    void aStopWaitsForABodyThatIsOnItsWayAndForNoIdleConnection() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        Server server = new Server();
        Listener.prepare(server);
        CompletableFuture<AbstractEndPoint> reading = new CompletableFuture<>();
        server.setHandler(new GracefulHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                if (request.getLength() > 0) {
                    reading.complete((AbstractEndPoint)
                            request.getConnectionMetaData().getConnection().getEndPoint());
                }
                response.write(
                        true,
                        ByteBuffer.wrap(Content.Source.asInputStream(request).readAllBytes()),
                        callback);
                return true;
            }
        }));
        HttpConfiguration http = new HttpConfiguration();
        try (Listener listener = new Listener(here, 0, null);
                ServerConnector connector = listener.connector(server, http, new SimpleMeterRegistry())) {
            server.addConnector(connector);
            server.start();
            try (Socket slow = new Socket(here, connector.getLocalPort());
                    Socket idle = new Socket(here, connector.getLocalPort())) {
                slow.setSoTimeout(SOON);
                idle.setSoTimeout(SOON);
                write(slow, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbo");
                // The caller pauses for longer than an idle connection lasts in a stop.
                AbstractEndPoint paused = reading.get(SOON, TimeUnit.MILLISECONDS);
                await().until(() -> paused.getIdleFor() > 1_200);
                write(idle, "GET / HTTP/1.1\r\nhost: x\r\n\r\n");
                BufferedReader answer = new BufferedReader(new InputStreamReader(idle.getInputStream(), US_ASCII));
                assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
                Thread stopping = Thread.startVirtualThread(() -> stop(server));
                while (answer.readLine() != null) {}
                write(slow, "dy");
                assertThat(new String(slow.getInputStream().readAllBytes(), US_ASCII))
                        .startsWith("HTTP/1.1 200 OK")
                        .endsWith("body");
                assertThat(stopping.join(Listener.STOP)).isTrue();
            }
        }
    }

    /** The caller has the whole answer when the stop begins, but the server has not ended the request yet. */
    @Test
    void aStopDoesNotWaitForAConnectionWhoseRequestEndedAfterTheStopBegan() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        Server server = new Server();
        Listener.prepare(server);
        CompletableFuture<Callback> answered = new CompletableFuture<>();
        CompletableFuture<EndPoint> connection = new CompletableFuture<>();
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                connection.complete(
                        request.getConnectionMetaData().getConnection().getEndPoint());
                response.write(true, BufferUtil.EMPTY_BUFFER, Callback.from(() -> answered.complete(callback)));
                return true;
            }
        });
        HttpConfiguration http = new HttpConfiguration();
        try (Listener listener = new Listener(here, 0, null);
                ServerConnector connector = listener.connector(server, http, new SimpleMeterRegistry())) {
            server.addConnector(connector);
            server.start();
            try (Socket caller = new Socket(here, connector.getLocalPort())) {
                write(caller, "GET / HTTP/1.1\r\nhost: x\r\n\r\n");
                Callback end = answered.get(SOON, TimeUnit.MILLISECONDS);
                Thread stopping = Thread.startVirtualThread(() -> stop(server));
                await().until(() -> connection.join().getIdleTimeout() == Listener.STOP.toMillis());
                end.succeeded();
                assertThat(stopping.join(Listener.STOP.dividedBy(2))).isTrue();
            }
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** More than the 50 of the JDK, while nobody takes them: the kernel would leave the rest without an answer. */
    @Test
    void manyConnectionsAtTheSameTimeFindAPlace() throws Exception {
        Server server = new Server();
        InetAddress here = InetAddress.getLoopbackAddress();
        List<Socket> callers = new ArrayList<>();
        try (Listener listener = new Listener(here, 0, null);
                ServerConnector connector =
                        listener.connector(server, new HttpConfiguration(), new SimpleMeterRegistry())) {
            connector.open();
            for (int i = 0; i < 300; i++) {
                Socket caller = new Socket();
                callers.add(caller);
                caller.connect(new java.net.InetSocketAddress(here, connector.getLocalPort()), 500);
            }
            assertThat(callers).allMatch(Socket::isConnected);
        } finally {
            for (Socket caller : callers) caller.close();
            server.destroy();
        }
    }
}
