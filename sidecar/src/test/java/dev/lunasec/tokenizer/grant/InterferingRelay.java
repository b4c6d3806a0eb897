package dev.lunasec.tokenizer.grant;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Relays connections to a Redis of this host. On demand it keeps the answers back while requests still arrive, closes a
 * connection instead of passing on a command, does something after a command, or leads to another Redis.
 */
public final class InterferingRelay implements AutoCloseable {
    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore answers = new Semaphore(1);
    private final AtomicReference<@Nullable String> cut = new AtomicReference<>();
    private final AtomicReference<@Nullable After> after = new AtomicReference<>();
    private volatile int behind;

    /** What to do after a command. */
    private record After(String command, Runnable action) {}

    /** @param behind the port of the Redis */
    public InterferingRelay(int behind) {
        this.behind = behind;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Keeps back what Redis answers. */
    public void hold() {
        answers.acquireUninterruptibly();
    }

    /** Ends {@link #hold}. */
    public void release() {
        answers.release();
    }

    /** Closes the connection by which this command comes, once. */
    void closeOnceInsteadOf(String command) {
        cut.set(command);
    }

    /** Does something once, after this command was passed on and before the next one is. */
    void doOnceAfter(String command, Runnable action) {
        after.set(new After(command, action));
    }

    /** Leads new connections to another Redis. */
    public void lead(int port) {
        behind = port;
    }

    /** Whether it has closed a connection. */
    boolean hasClosed() {
        return cut.get() == null;
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.close();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), behind);
                threads.execute(() -> copy(client, server, this::requests));
                threads.execute(() -> copy(server, client, this::answers));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    /** Passes on what was read. */
    private interface Interference {
        void pass(byte[] bytes, int length, OutputStream out) throws IOException;
    }

    private void requests(byte[] bytes, int length, OutputStream out) throws IOException {
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        String command = cut.get();
        if (command != null && text.contains(command)) {
            cut.set(null);
            throw new IOException("closed before " + command);
        }
        out.write(bytes, 0, length);
        After next = after.get();
        if (next == null || !text.contains(next.command())) return;
        after.set(null);
        next.action().run();
    }

    private void answers(byte[] bytes, int length, OutputStream out) throws IOException {
        answers.acquireUninterruptibly();
        try {
            out.write(bytes, 0, length);
        } finally {
            answers.release();
        }
    }

    private static void copy(Socket from, Socket to, Interference interference) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) interference.pass(buffer, read, out);
        } catch (IOException e) {
            // One side has ended, and then the other ends too.
        }
    }
}
