package dev.lunasec.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection of an attacker, from an address of its own, so that it uses up no port of other callers. */
final class AttackConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final int PAUSE_MILLIS = 1_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
    private static final Pattern NAME = Pattern.compile("\"name\":\"(\\w+)\"");

    private final Socket socket = new Socket();
    private final InputStream in;

    /** @param number chooses the address that it comes from */
    AttackConnection(InetSocketAddress target, int number) throws IOException {
        try {
            socket.bind(new InetSocketAddress("127.0.1." + (1 + number % 250), 0));
            socket.connect(target, CONNECT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 10);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    void send(String ascii) throws IOException {
        socket.getOutputStream().write(ascii.getBytes(US_ASCII));
    }

    /** Waits a second, or less if the server answers or closes the connection. */
    boolean hearsWithinASecond() throws IOException {
        socket.setSoTimeout(PAUSE_MILLIS);
        in.mark(1);
        try {
            in.read();
            in.reset();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    /**
     * Reads one answer.
     *
     * @return its status, and the name of its failure if it has one
     * @throws SocketTimeoutException when none came within 30 seconds
     * @throws IOException when the server closed the connection
     */
    String answer() throws IOException {
        socket.setSoTimeout(ANSWER_MILLIS);
        String head = head();
        Matcher length = LENGTH.matcher(head);
        String body = length.find() ? new String(in.readNBytes(Integer.parseInt(length.group(1))), US_ASCII) : "";
        Matcher name = NAME.matcher(body);
        String status = head.substring(9, 12);
        return name.find() ? status + " " + name.group(1) : status;
    }

    private String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int last = 0; last != 0x0D0A0D0A; ) {
            int next = in.read();
            if (next < 0) throw new EOFException("the server closed the connection");
            head.write(next);
            last = (last << 8) | next;
        }
        return head.toString(US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
