package dev.lunasec.operator.misbehaving;

import dev.lunasec.controlplane.ControlPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.vertx.HttpServerRequestHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * An API server that misbehaves as a script says. fabric8's mock server reacts to the requests that the script selects;
 * the real API server answers all others, because the mock's own store does not implement server-side apply. fabric8's
 * request handler runs in a server of this class, because the mock server cannot close a connection.
 */
final class ApiServerFront implements AutoCloseable {
    /** Headers of one connection, and what the client of the JDK sets itself. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "http2-settings");

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(ControlPlane.shared().tls())
            .build();
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private final Set<RelayedWatch> watches = ConcurrentHashMap.newKeySet();
    private volatile Function<Request, Reaction> script = request -> Reaction.PASS;

    ApiServerFront() {
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setHttp2ClearTextEnabled(false))
                .requestHandler(this::handle);
        server.listen(0).toCompletionStage().toCompletableFuture().join();
    }

    /** Says what happens with each request from now on. It runs on one thread, one request after the other. */
    void script(Function<Request, Reaction> newScript) {
        script = newScript;
    }

    /** All requests so far, in the order of their arrival. */
    List<Request> requests() {
        return List.copyOf(requests);
    }

    /**
     * Ends all watches, as an API server does that is about to stop.
     *
     * @return how many there were
     */
    int endWatches() {
        List<RelayedWatch> open = List.copyOf(watches);
        open.forEach(RelayedWatch::end);
        return open.size();
    }

    /** For a client that sees this server only. */
    Config config(String user) {
        Config config = Config.fromKubeconfig(ControlPlane.shared().kubeconfigYaml());
        config.setMasterUrl("http://127.0.0.1:" + server.actualPort() + "/");
        config.setHttp2Disable(true);
        config.setImpersonateUsername(user);
        return config;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        http.shutdownNow();
    }

    private void handle(HttpServerRequest exchange) {
        new HttpServerRequestHandler(vertx) {
            @Override
            protected MockResponse onHttpRequest(RecordedRequest request) {
                return answer(request, exchange);
            }
        }.handle(exchange);
    }

    private MockResponse answer(RecordedRequest recorded, HttpServerRequest exchange) {
        Request request = new Request(
                recorded.getMethod(),
                recorded.getPath(),
                new String(recorded.getBody().getBytes(), StandardCharsets.UTF_8),
                System.nanoTime());
        requests.add(request);
        return switch (script.apply(request)) {
            case Reaction.Pass pass -> pass(recorded, request);
            case Reaction.Refuse refuse -> {
                MockResponse refusal =
                        new MockResponse().setResponseCode(refuse.code()).setBody(status(refuse.code()));
                refusal.setHeader("Content-Type", "application/json");
                refuse.headers().forEach(refusal::setHeader);
                yield refusal;
            }
            case Reaction.Cut cut -> {
                MockResponse answer = cut == Reaction.Cut.AFTER ? pass(recorded, request) : new MockResponse();
                exchange.connection().close();
                yield answer;
            }
            case Reaction.Silence silence -> new MockResponse().withWebSocketUpgrade(new ScriptedWatch(null));
            case Reaction.ErrorEvent event ->
                new MockResponse()
                        .withWebSocketUpgrade(
                                new ScriptedWatch("{\"type\":\"ERROR\",\"object\":" + status(event.code()) + "}"));
        };
    }

    private MockResponse pass(RecordedRequest recorded, Request request) {
        try {
            return "websocket".equalsIgnoreCase(recorded.getHeader("Upgrade"))
                    ? watch(recorded)
                    : forward(recorded, request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The front was closed during a request.", e);
        }
    }

    private MockResponse forward(RecordedRequest recorded, Request request) throws IOException, InterruptedException {
        HttpRequest.Builder copy = HttpRequest.newBuilder(real("https", request.target()))
                .method(
                        request.method(),
                        HttpRequest.BodyPublishers.ofByteArray(
                                recorded.getBody().getBytes()));
        recorded.getHeaders().toMultimap().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name)) values.forEach(value -> copy.header(name, value));
        });
        HttpResponse<byte[]> answer = http.send(copy.build(), HttpResponse.BodyHandlers.ofByteArray());
        MockResponse response =
                new MockResponse().setResponseCode(answer.statusCode()).setBody(answer.body());
        answer.headers().map().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name)) values.forEach(value -> response.addHeader(name, value));
        });
        return response;
    }

    private MockResponse watch(RecordedRequest recorded) {
        var builder = http.newWebSocketBuilder();
        for (String name : List.of("Authorization", "Impersonate-User", "Origin")) {
            String value = recorded.getHeader(name);
            if (value != null) builder.header(name, value);
        }
        RelayedWatch watch = new RelayedWatch(watches::remove);
        watches.add(watch);
        try {
            builder.buildAsync(real("wss", Objects.requireNonNull(recorded.getPath())), watch)
                    .join();
            return new MockResponse().withWebSocketUpgrade(watch.front());
        } catch (CompletionException e) {
            watches.remove(watch);
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return new MockResponse().setResponseCode(refused.getResponse().statusCode());
            }
            throw e;
        }
    }

    private static URI real(String scheme, String target) {
        return URI.create(scheme + "://" + ControlPlane.shared().apiServer().getAuthority() + target);
    }

    private static String status(int code) {
        return """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
                "reason":"%s","message":"scripted","code":%d}\
                """.formatted(
                        switch (code) {
                            case 409 -> "Conflict";
                            case 410 -> "Expired";
                            case 429 -> "TooManyRequests";
                            default -> "InternalError";
                        },
                        code);
    }
}
