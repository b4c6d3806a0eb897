package dev.lunasec.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * Relays TCP to a server of this host, on demand behind TLS, until it freezes: what is open then stays open and silent,
 * as when a node dies.
 */
public final class TcpRelay implements AutoCloseable {
    private final ServerSocket listening;
    private final int behind;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean allFrozen;

    private TcpRelay(ServerSocket listening, int behind) {
        this.listening = listening;
        this.behind = behind;
        threads.execute(this::accept);
    }

    /**
     * Relays as it is.
     *
     * @param behind the port of the server
     */
    public static TcpRelay to(int behind) {
        return new TcpRelay(listen(ServerSocketFactory.getDefault(), InetAddress.getLoopbackAddress()), behind);
    }

    /** Speaks TLS for a server that doesn't, with a certificate of the authority for 127.0.0.1. */
    public static TcpRelay overTls(TestAuthority authority, int behind) {
        return overTls(authority, InetAddress.getLoopbackAddress(), behind);
    }

    /**
     * The same at another address than the certificate is for, perhaps.
     *
     * @param address where to listen
     */
    public static TcpRelay overTls(TestAuthority authority, InetAddress address, int behind) {
        return new TcpRelay(listen(authority.server().getServerSocketFactory(), address), behind);
    }

    private static ServerSocket listen(ServerSocketFactory sockets, InetAddress address) {
        try {
            return sockets.createServerSocket(0, 50, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** How many have connected so far. */
    public int connections() {
        return connections.get();
    }

    /** Forwards nothing more on what is open now; new connections work. */
    public void freeze() {
        frozen.addAll(open);
    }

    /** Forwards nothing more on any connection, new ones included. */
    public void freezeAll() {
        allFrozen = true;
        freeze();
    }

    @Override
    public void close() {
        try {
            listening.close();
            closeAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.close();
    }

    private void closeAll() throws IOException {
        for (Socket socket : open) socket.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
                for (Socket socket : new Socket[] {client, server}) {
                    open.add(socket);
                    if (allFrozen) frozen.add(socket);
                }
                connections.incrementAndGet();
                // A close that ran meanwhile may not have seen the two.
                if (listening.isClosed()) closeAll();
                threads.execute(() -> relay(client, server));
                threads.execute(() -> relay(server, client));
            } catch (IOException e) {
                // It was closed, or the server is away: the client finds out by itself.
            }
        }
    }

    private void relay(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!frozen.contains(from)) out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side has ended, or didn't agree to the certificate; then the other ends too.
        }
    }
}
