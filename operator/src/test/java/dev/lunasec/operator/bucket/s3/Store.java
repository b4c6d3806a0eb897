package dev.lunasec.operator.bucket.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.operator.bucket.BucketClaim;
import dev.lunasec.operator.bucket.BucketSpec;
import dev.lunasec.testbed.EmbeddedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A real store in memory behind a front that plays the peculiarities of other stores. */
public final class Store implements AutoCloseable {
    /** What the front does with a request before the store sees it: an answer, or null to pass it on. */
    public interface Fault {
        @Nullable
        Answer of(String method, String path, @Nullable String query, HttpExchange exchange);
    }

    /** An answer of the front: the code of an error, or the whole XML of a success. */
    public record Answer(int status, String code) {
        byte[] body() {
            String xml = status >= 300 ? "<Error><Code>" + code + "</Code></Error>" : code;
            return xml.getBytes(StandardCharsets.UTF_8);
        }
    }

    static {
        // The host is signed, so the front must pass on the one that was asked for.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    /** All is passed on. */
    public static final Fault NONE = (method, path, query, exchange) -> null;

    /** Each listing of a prefix, or of one that begins with it, is empty. Everything else works. */
    public static Fault hiding(String prefix) {
        String encoded = "prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8);
        return (method, path, query, exchange) -> {
            if (!method.equals("GET") || query == null || !query.contains(encoded)) return null;
            String result = query.contains("list-type=2") ? "ListBucketResult" : "ListVersionsResult";
            return new Answer(200, "<" + result + "><IsTruncated>false</IsTruncated></" + result + ">");
        };
    }

    public static final BucketSpec.Credentials KEYS = new BucketSpec.Credentials("access", "secret");

    private final EmbeddedStore s3 = new EmbeddedStore(KEYS.accessKeyId(), KEYS.secretAccessKey());
    private final HttpServer front;
    private final HttpClient http = HttpClient.newHttpClient();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<HttpExchange, byte[]> bodies = new ConcurrentHashMap<>();
    public volatile Fault fault = NONE;
    /** Headers that do not reach the store. */
    volatile List<String> dropped = List.of();

    public Store() throws Exception {
        front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        front.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        front.createContext("/", this::serve);
        front.start();
    }

    /** What was asked so far: method and path of each request. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + front.getAddress().getPort());
    }

    /** The claim of a vault that has no keyring yet. */
    static BucketClaim claim(BucketSpec spec) {
        return claim(spec, null);
    }

    /** The claim of a vault with a keyring. */
    static BucketClaim claim(BucketSpec spec, BucketClaim.@Nullable Keyring keyring) {
        return new BucketClaim(location(spec), "cluster", "payments", "vault", keyring);
    }

    static BucketLocation location(BucketSpec spec) {
        return BucketLocation.of(spec.endpoint(), null, spec.region(), spec.bucket(), spec.pathStyleAccess());
    }

    BucketSpec spec(String bucket) {
        return spec(bucket, BucketSpec.Provisioning.CREATE, KEYS, "payments/vault");
    }

    BucketSpec spec(String bucket, BucketSpec.Provisioning provisioning, BucketSpec.Credentials keys, String owner) {
        return new BucketSpec(bucket, "us-east-1", endpoint(), null, true, provisioning, keys, null, null, owner);
    }

    BucketSpec spec(String bucket, String frameOrigin) {
        return new BucketSpec(
                bucket,
                "us-east-1",
                endpoint(),
                null,
                true,
                BucketSpec.Provisioning.CREATE,
                KEYS,
                null,
                frameOrigin,
                "payments/vault");
    }

    /** What a request to the front brought. */
    String body(HttpExchange exchange) {
        return new String(Objects.requireNonNull(bodies.get(exchange)), StandardCharsets.UTF_8);
    }

    /** Writes to the settings of a bucket, of those seen so far. */
    List<String> settingWrites() {
        return requests.stream()
                .filter(r -> r.matches("(PUT|POST|DELETE) /[^/?]+/?\\?.*"))
                .toList();
    }

    @Override
    public void close() throws Exception {
        front.stop(0);
        s3.close();
        http.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        URI uri = exchange.getRequestURI();
        requests.add(method + " " + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
        byte[] body = exchange.getRequestBody().readAllBytes();
        bodies.put(exchange, body);
        try (exchange) {
            Answer answer = fault.of(method, uri.getRawPath(), uri.getRawQuery(), exchange);
            if (answer != null) {
                byte[] xml = method.equals("HEAD") ? new byte[0] : answer.body();
                exchange.sendResponseHeaders(answer.status, xml.length == 0 ? -1 : xml.length);
                if (xml.length > 0) exchange.getResponseBody().write(xml);
                return;
            }
            pass(exchange, method, uri, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            bodies.remove(exchange);
        }
    }

    /** The store may close a connection over which it refused a body. Then the request goes over another one. */
    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    /**
     * The host header is signed, so the store must see the one of the front.
     */
    private void pass(HttpExchange exchange, String method, URI uri, byte[] body)
            throws IOException, InterruptedException {
        String target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(s3.endpoint() + target))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (List.of("content-length", "connection", "expect", "upgrade", "http2-settings")
                    .contains(lower)) return;
            if (!dropped.contains(lower)) values.forEach(value -> request.header(name, value));
        });
        HttpResponse<byte[]> answer = send(request.build());
        answer.headers().map().forEach((name, values) -> {
            if (!List.of("content-length", "transfer-encoding").contains(name))
                values.forEach(v -> exchange.getResponseHeaders().add(name, v));
        });
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        if (answer.body().length > 0) exchange.getResponseBody().write(answer.body());
    }
}
