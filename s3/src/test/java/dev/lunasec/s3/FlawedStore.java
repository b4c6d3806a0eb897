package dev.lunasec.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that looks like S3 and does one thing wrong. It checks no signature: it compares an upload with the
 * first one.
 */
final class FlawedStore implements AutoCloseable {
    enum Flaw {
        /** Does what a vault needs. */
        NONE,
        /** Answers 503 to reads without the right key, as an overloaded store may do. */
        BUSY_FOR_STRANGERS,
        /** Answers 503 to uploads that differ from what was signed. */
        BUSY_FOR_OTHER_UPLOADS,
        /** Answers 503 to the second upload with one URL. */
        BUSY_FOR_THE_SECOND_UPLOAD,
        /** Stores in clear and does not even say that it used a key. */
        KEYS_UNKNOWN,
        /** Says that it used the key, and gives the object to a caller without a key. */
        KEYS_FOR_SHOW,
        /** Wants a key, and takes any. */
        ANY_KEY,
        /** Honours keys; a signed URL is good for anything. */
        SIGNATURES_IGNORED,
        /** The same, but a URL is good for one key. */
        LENGTH_IGNORED,
        /** Sends half an answer. */
        STALLS
    }

    private record Stored(byte[] content, String keyMd5) {}

    private final Flaw flaw;
    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    FlawedStore(Flaw flaw) throws IOException {
        this.flaw = flaw;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    boolean isEmpty() {
        return objects.isEmpty();
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestURI().getPath();
        String md5 = exchange.getRequestHeaders().getFirst(SseCustomerKey.MD5_HEADER);
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                Stored stored = new Stored(body, md5 == null ? "" : md5);
                int refusal = refusal(stored, objects.get(key));
                if (refusal == 0) put(exchange, key, stored);
                else answer(exchange, refusal, new byte[0]);
            }
            case "GET" -> get(exchange, objects.get(key), md5 == null ? "" : md5);
            default -> {
                objects.remove(key);
                answer(exchange, 204, new byte[0]);
            }
        }
    }

    /** The status that refuses an upload over an object; 0 if the upload is accepted. */
    private int refusal(Stored stored, @Nullable Stored before) {
        if (before == null) return 0;
        boolean sameKey = before.keyMd5.equals(stored.keyMd5);
        boolean sameLength = before.content.length == stored.content.length;
        return switch (flaw) {
            case LENGTH_IGNORED -> sameKey ? 0 : 403;
            case NONE, BUSY_FOR_STRANGERS -> sameKey && sameLength ? 412 : 403;
            case BUSY_FOR_OTHER_UPLOADS -> sameKey && sameLength ? 412 : 503;
            case BUSY_FOR_THE_SECOND_UPLOAD -> sameKey && sameLength ? 503 : 403;
            default -> 0;
        };
    }

    private void put(HttpExchange exchange, String key, Stored stored) throws IOException {
        objects.put(key, stored);
        if (flaw != Flaw.KEYS_UNKNOWN) exchange.getResponseHeaders().set(SseCustomerKey.MD5_HEADER, stored.keyMd5);
        answer(exchange, 200, new byte[100]);
    }

    private void get(HttpExchange exchange, @Nullable Stored stored, String md5) throws IOException {
        if (stored == null) {
            answer(exchange, 404, new byte[0]);
            return;
        }
        boolean allowed = switch (flaw) {
            case KEYS_UNKNOWN, KEYS_FOR_SHOW -> true;
            case ANY_KEY -> !md5.isEmpty();
            default -> md5.equals(stored.keyMd5);
        };
        answer(
                exchange,
                allowed ? 200 : flaw == Flaw.BUSY_FOR_STRANGERS ? 503 : 400,
                allowed ? stored.content : new byte[0]);
    }

    private void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length == 0) return;
            boolean half = flaw == Flaw.STALLS;
            exchange.getResponseBody().write(body, 0, half ? body.length / 2 : body.length);
            exchange.getResponseBody().flush();
            if (half) end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
