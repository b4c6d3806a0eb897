package dev.lunasec.bench;

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
}
