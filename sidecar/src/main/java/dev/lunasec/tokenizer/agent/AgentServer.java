package dev.lunasec.tokenizer.agent;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.HttpHeaders;
import dev.lunasec.contract.TokenizerSettings.Action;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.http.ErrorResponses;
import dev.lunasec.tokenizer.http.Listener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's port for the application of its pod: it forwards the requests that it allows to the tokenizer and returns
 * the answers.
 */
final class AgentServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentServer.class);
    private static final int AT_ONCE = 128;
    private static final int LARGEST_BODY = 64 << 10;
    private static final List<String> REQUEST_HEADERS =
            List.of("authorization", "content-type", HttpHeaders.SESSION_HASH);
    private static final List<String> ANSWER_HEADERS = List.of(
            "content-type",
            "cache-control",
            "x-content-type-options",
            HttpHeaders.SESSION_HASH,
            "retry-after",
            "allow");

    private final TokenizerProxy upstream;
    private final Set<Action> actions;
    private final MeterRegistry metrics;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Server server = new Server(new VirtualThreadPool());
    private final ServerConnector connector;
    private final int port;

    /**
     * Does not listen yet.
     *
     * @param actions what the application may do
     */
    AgentServer(Listener listener, TokenizerProxy upstream, Set<Action> actions, MeterRegistry metrics) {
        this.actions = actions;
        this.upstream = upstream;
        this.metrics = metrics;
        this.port = listener.port();
        Gauge.builder("tokenizer.agent.requests.active", places, free -> AT_ONCE - free.availablePermits())
                .description("requests in flight")
                .register(metrics);
        Gauge.builder("tokenizer.agent.requests.limit", () -> AT_ONCE)
                .description("the most requests in flight")
                .register(metrics);
        Listener.prepare(server);
        HttpConfiguration http = new HttpConfiguration();
        Listener.harden(http);
        this.connector = listener.connector(server, http, metrics);
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(new Forwarding()));
    }

    /**
     * Listens.
     *
     * @throws IOException when the port is taken
     */
    void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("the port for the application, " + port + ", is in use", e);
        } catch (Exception e) {
            throw new IllegalStateException("the web server does not start", e);
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Takes no more requests, and waits for those in flight, at most {@link Listener#STOP}. */
    @Override
    public void close() throws Exception {
        server.stop();
    }

    private final class Forwarding extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Timer.Sample time = Timer.start(metrics);
            boolean admitted = places.tryAcquire();
            try {
                if (!admitted) throw new CallFailed(ErrorCode.TOO_MANY_REQUESTS, "The agent is busy; try again soon.");
                answer(response, callback, ask(request));
            } catch (CallFailed failed) {
                ErrorResponses.refuse(response, callback, failed);
            } catch (RuntimeException e) {
                log.error("the agent failed because of a bug", e);
                ErrorResponses.refuse(
                        response,
                        callback,
                        new CallFailed(
                                ErrorCode.INTERNAL, "The agent failed because of a bug; tell the people who run it."));
            } finally {
                if (admitted) places.release();
                time.stop(Timer.builder("tokenizer.agent.requests")
                        .tag("status", Integer.toString(response.getStatus()))
                        .register(metrics));
            }
            return true;
        }
    }

    private HttpResponse<byte[]> ask(Request request) {
        String path = request.getHttpURI().getPath();
        if (path == null || !path.startsWith("/")) {
            throw new CallFailed(ErrorCode.BAD_REQUEST, "The request names no path; POST to /tokenize or /detokenize.");
        }
        // Before the route is refused: an unread body would end the connection, which the application uses again.
        byte[] body = body(request);
        AgentRoute route = AgentRoute.admit(path, actions);
        Map<String, String> headers = new HashMap<>();
        for (String name : REQUEST_HEADERS) {
            String value = request.getHeaders().get(name);
            if (value != null) headers.put(name, value);
        }
        return upstream.call(request.getMethod(), route, request.getHttpURI().getQuery(), headers, body);
    }

    private static byte[] body(Request request) {
        byte[] body;
        try (InputStream in = Content.Source.asInputStream(request)) {
            body = in.readNBytes(LARGEST_BODY + 1);
        } catch (IOException e) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST,
                    "The body was cut off, or its length differs from Content-Length; send it again.");
        }
        if (body.length <= LARGEST_BODY) return body;
        throw new CallFailed(ErrorCode.TOO_LARGE, "The body is over 64 KiB; the value itself goes to the upload URL.");
    }

    private static void answer(Response response, Callback callback, HttpResponse<byte[]> answer) {
        response.setStatus(answer.statusCode());
        for (String name : ANSWER_HEADERS) {
            @Nullable String value = answer.headers().firstValue(name).orElse(null);
            if (value != null) response.getHeaders().put(name, value);
        }
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }
}
