package dev.lunasec.local.node;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards TCP connections. It asks for the target of each connection separately, because the ready pods of a Service
 * change. A listener that is closed accepts no new connections; those that are open continue.
 */
final class ConnectionForwarder {
    private static final Logger log = LoggerFactory.getLogger(ConnectionForwarder.class);
    private static final int CONNECT_MILLIS = 2_000;

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Chooses where a connection goes. */
    interface Target {
        /**
         * The address for one connection.
         *
         * @throws IOException when there is no target now; the connection of the caller is then closed
         */
        InetSocketAddress next() throws IOException;
    }

    /** Listens on one address of this machine, also where connections of an earlier listener have not timed out yet. */
    static ServerSocket listen(String address, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    /**
     * Accepts connections in a thread of its own until the listener is closed.
     *
     * @param service the name of the Service in the log
     */
    void start(ServerSocket listener, String service, Target target) {
        Thread.ofVirtual().start(() -> accept(listener, service, target));
    }

    /** Closes both sides of all open connections. */
    void closeConnections() {
        open.forEach(ConnectionForwarder::close);
    }

    static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            log.debug("close: {}", e.getMessage());
        }
    }

    private void accept(ServerSocket listener, String service, Target target) {
        while (!listener.isClosed()) {
            try {
                Socket caller = listener.accept();
                Thread.ofVirtual().start(() -> relay(caller, service, target));
            } catch (SocketException e) {
                return; // closed
            } catch (IOException e) {
                log.warn("service {}: {}", service, e.getMessage());
            }
        }
    }

    private void relay(Socket caller, String service, Target target) {
        open.add(caller);
        try (caller;
                Socket pod = new Socket()) {
            open.add(pod);
            pod.connect(target.next(), CONNECT_MILLIS);
            Thread back = Thread.ofVirtual().start(() -> copy(pod, caller));
            copy(caller, pod);
            back.join();
        } catch (IOException | KubernetesClientException e) {
            log.debug("service {}: {}", service, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    /** Copies one direction; its end is passed on, so that both sides see it. */
    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16 << 10];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }
}
