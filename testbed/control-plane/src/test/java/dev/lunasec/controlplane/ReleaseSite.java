package dev.lunasec.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A release site on loopback that answers each request as the test says, byte by byte, so that it can also break off.
 */
final class ReleaseSite implements AutoCloseable {
    /** Writes the answer to a request; the connection is closed when it returns. */
    interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /** Gives the answers in this order; a request beyond them is not answered. */
    ReleaseSite(Answer... answers) throws IOException {
        this.answers.addAll(List.of(answers));
        threads.add(Thread.ofVirtual().start(this::accept));
    }

    /** The whole file. */
    static Answer file(byte[] content) {
        return out -> {
            head(out, "200 OK", "Content-Length: " + content.length);
            out.write(content);
        };
    }

    /** The rest of the file. */
    static Answer rest(byte[] content, int from) {
        return partialRest(content, from, content.length);
    }

    /** The rest of the file up to a byte, then the end of the connection. */
    static Answer partialRest(byte[] content, int from, int to) {
        return out -> {
            head(
                    out,
                    "206 Partial Content",
                    "Content-Length: " + (content.length - from),
                    "Content-Range: bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            out.write(content, from, to - from);
        };
    }

    /** The beginning of the file, then the end of the connection. */
    static Answer partial(byte[] content, int bytes) {
        return out -> {
            head(out, "200 OK", "Content-Length: " + content.length);
            out.write(content, 0, bytes);
        };
    }

    /** The beginning of the file, then nothing. */
    static Answer stalled(byte[] content, int bytes) {
        return out -> {
            partial(content, bytes).write(out);
            silence().write(out);
        };
    }

    /** An answer without a file. */
    static Answer status(String line, String... headers) {
        return out -> head(out, line, headers);
    }

    /** No answer. */
    static Answer silence() {
        return out -> {
            out.flush();
            Thread.currentThread().join();
        };
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
    }

    /** The head of each request so far. */
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.forEach(Thread::interrupt);
    }

    private static void head(OutputStream out, String status, String... headers) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Answer answer = answers.isEmpty() ? silence() : answers.remove();
                threads.add(Thread.ofVirtual().start(() -> serve(connection, answer)));
            }
        } catch (SocketException e) {
            // The test is over.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(Socket connection, Answer answer) {
        try (connection) {
            requests.add(readHead(connection.getInputStream()));
            answer.write(connection.getOutputStream());
        } catch (IOException e) {
            // The client has closed the connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) break;
            head.append((char) next);
        }
        return head.toString();
    }
}
