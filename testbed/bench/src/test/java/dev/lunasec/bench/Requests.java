package dev.lunasec.bench;

import dev.lunasec.s3.SignedRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the connections of a load send. */
interface Requests {
    /**
     * The next request of a connection.
     *
     * @return null if the connection has no more
     */
    byte @Nullable [] next(KeepAliveConnection connection);

    /** Gets each answer, before the next request of its connection. */
    default void answered(KeepAliveConnection connection) {}

    /** The same requests again and again: each connection sends its share of them in their order. */
    static Requests cycle(byte[][] requests, int connections) {
        int[] next = new int[connections];
        return connection -> {
            int at = connection.number + next[connection.number] * connections;
            if (at >= requests.length) {
                at = connection.number;
                next[connection.number] = 0;
            }
            next[connection.number]++;
            return requests[at];
        };
    }

    /** Each request once, whichever connection is free. One thread asks. */
    static Requests once(byte[][] requests) {
        int[] next = new int[1];
        return connection -> next[0] < requests.length ? requests[next[0]++] : null;
    }

    /** One request of each kind in turns. */
    static byte[][] mix(int number, byte[][]... kinds) {
        byte[][] mixed = new byte[number][];
        int[] next = new int[kinds.length];
        for (int i = 0; i < number; i++) {
            int kind = i % kinds.length;
            mixed[i] = kinds[kind][next[kind]++ % kinds[kind].length];
        }
        return mixed;
    }

    /** The bytes of a GET. */
    static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The bytes of a POST.
     *
     * @param header a name and a value, for the credentials
     * @param body JSON in ASCII
     */
    static byte[] post(String path, String header, String body) {
        return ("POST " + path + " HTTP/1.1\r\nhost: localhost\r\n" + header
                        + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The bytes of a signed request to a store. */
    static byte[] signed(String method, SignedRequest signed, byte[] value) {
        StringBuilder head = new StringBuilder(1024).append(method).append(' ');
        head.append(
                signed.url(),
                signed.url().indexOf('/', "https://".length()),
                signed.url().length());
        head.append(" HTTP/1.1\r\n");
        signed.headers()
                .forEach((name, text) ->
                        head.append(name).append(": ").append(text).append("\r\n"));
        if (value.length > 0)
            head.append("content-length: ").append(value.length).append("\r\n");
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(start.length + value.length)
                .put(start)
                .put(value)
                .array();
    }
}
