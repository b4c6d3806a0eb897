package dev.lunasec.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A proxy of a browser that connects every host name to the same port of this host. So a test can use any name, and
 * what the browser sends does not leave this host. The proxy knows the method CONNECT only, which browsers use for
 * HTTPS.
 */
final class LoopbackProxy implements AutoCloseable {
    private static final Pattern CONNECT = Pattern.compile("CONNECT \\S+:(\\d{1,5}) HTTP/1\\.[01]");
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int LONGEST_HEAD = 16 << 10;

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Listens on a free port of this host. */
    LoopbackProxy() {
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** The variables that make programs of GNOME use it for every name. */
    Map<String, String> environment() {
        String url = "http://127.0.0.1:" + listening.getLocalPort();
        return Map.of("http_proxy", url, "https_proxy", url, "no_proxy", "127.0.0.1");
    }

    /** Ends all connections: a virtual thread that waits for a socket closes it when it is interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private void accept() {
        try (listening) {
            while (!threads.isShutdown()) {
                Socket client = listening.accept();
                threads.execute(() -> connect(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void connect(Socket client) {
        try (client) {
            Matcher request = CONNECT.matcher(head(client.getInputStream()));
            if (!request.lookingAt()) {
                answer(client, "501 Not Implemented");
                return;
            }
            try (Socket server = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(request.group(1)))) {
                answer(client, "200 Connected");
                threads.execute(() -> forward(server, client));
                forward(client, server);
            }
        } catch (IOException e) {
            // No server listens there, or one side has ended. The browser sees that its connection ends.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf(END_OF_HEAD) < 0 && head.length() < LONGEST_HEAD) {
            int next = in.read();
            if (next < 0) break;
            head.append((char) next);
        }
        return head.toString();
    }

    private static void answer(Socket client, String status) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + status + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII));
    }

    private static void forward(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has ended; then the other ends too.
        }
    }
}
