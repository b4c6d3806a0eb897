package dev.lunasec.tokenizer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Speaks TLS for a server of this host that doesn't, with a certificate of an authority for 127.0.0.1. */
public final class TlsFront implements AutoCloseable {
    private final ServerSocket listening;
    private final int behind;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** @param behind the port of the server */
    public TlsFront(TestAuthority authority, int behind) {
        this(authority, InetAddress.getLoopbackAddress(), behind);
    }

    /** @param address where to listen, another one than the certificate is for perhaps */
    public TlsFront(TestAuthority authority, InetAddress address, int behind) {
        this.behind = behind;
        try {
            listening = authority.server().getServerSocketFactory().createServerSocket(0, 50, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
                open.add(server);
                threads.execute(() -> relay(client, server));
                threads.execute(() -> relay(server, client));
            } catch (IOException e) {
                // It was closed, or the server is away: the client finds out by itself.
            }
        }
    }

    private static void relay(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has ended, or didn't agree to the certificate; then the other ends too.
        }
    }
}
