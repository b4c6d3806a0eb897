package dev.lunasec.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A connection to a server on this host that sends one request at a time, and has no thread of its own. It costs much
 * less processor time than an HTTP client, because the servers that are measured share the processors with it.
 */
final class KeepAliveConnection implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    /** The number of the connection, from 0 on. */
    final int number;

    private final SocketChannel channel;
    private final byte[] answer = new byte[64 << 10];
    private int read;
    private int bodyStart;
    private int end;
    private volatile long since;

    private KeepAliveConnection(int number, int port) throws IOException {
        this.number = number;
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Connects, for {@link #exchange}. */
    static KeepAliveConnection blocking(int number, int port) throws IOException {
        return new KeepAliveConnection(number, port);
    }

    /**
     * Connects, for {@link #send} and {@link #receive}.
     *
     * @param selector tells when bytes of an answer have come, with this connection as the attachment of the key
     */
    KeepAliveConnection(int number, int port, Selector selector) throws IOException {
        this(number, port);
        channel.configureBlocking(false);
        var unused = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /**
     * Sends a request. The last answer must have come.
     *
     * @param request all of it, smaller than the buffers of the kernel
     * @param newSince for {@link #since}
     */
    void send(byte[] request, long newSince) throws IOException {
        since = newSince;
        int written = channel.write(ByteBuffer.wrap(request));
        if (written != request.length) throw new IOException("the kernel took only a part of a request");
    }

    /**
     * Sends a request, and waits for the whole answer. Only an interrupt ends the wait.
     *
     * @throws UnexpectedAnswer if the status is not 200
     */
    void exchange(byte[] request) throws IOException {
        send(request, System.nanoTime());
        boolean complete = receive();
        while (!complete) complete = receive();
        if (status() != 200) throw new UnexpectedAnswer(this);
    }

    /**
     * Reads what has come of the answer.
     *
     * @return whether the answer is complete; then {@link #status}, {@link #length} and {@link #body} are those of it
     */
    boolean receive() throws IOException {
        if (end > 0 && read == end) read = bodyStart = end = 0;
        int count = channel.read(ByteBuffer.wrap(answer, read, answer.length - read));
        if (count < 0) throw new IOException("the server closed the connection");
        read += count;
        if (bodyStart == 0) parseHead();
        if (end > 0 && read > end) throw new IOException("the server sent more than the answer");
        return read == end;
    }

    int status() {
        return Integer.parseInt(new String(answer, 9, 3, StandardCharsets.US_ASCII));
    }

    /** The length of the body in bytes. */
    int length() {
        return end - bodyStart;
    }

    byte[] body() {
        return Arrays.copyOfRange(answer, bodyStart, end);
    }

    /** The time from which the latency of the answer counts, as {@link System#nanoTime} gives it. */
    long since() {
        return since;
    }

    private void parseHead() throws IOException {
        for (int i = 3; i < read; i++) {
            if (answer[i] == '\n' && answer[i - 2] == '\n') {
                bodyStart = i + 1;
                end = bodyStart + contentLength(new String(answer, 0, bodyStart, StandardCharsets.ISO_8859_1));
                if (end > answer.length) throw new IOException("the answer is longer than 64 KiB");
                return;
            }
        }
        if (read == answer.length) throw new IOException("the headers are longer than 64 KiB");
    }

    private static int contentLength(String head) throws IOException {
        for (int line = head.indexOf('\n') + 1; line > 0 && line < head.length(); line = head.indexOf('\n', line) + 1) {
            if (head.regionMatches(true, line, LENGTH, 0, LENGTH.length())) {
                return Integer.parseInt(head.substring(line + LENGTH.length(), head.indexOf('\r', line))
                        .strip());
            }
        }
        throw new IOException("an answer has no Content-Length");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
