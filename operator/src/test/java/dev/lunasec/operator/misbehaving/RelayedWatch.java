package dev.lunasec.operator.misbehaving;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.net.http.WebSocket;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A watch whose events come from the real API server. */
final class RelayedWatch implements WebSocket.Listener {
    private final StringBuilder event = new StringBuilder();
    private final CompletableFuture<io.fabric8.mockwebserver.http.WebSocket> operator = new CompletableFuture<>();
    private final Consumer<RelayedWatch> ended;
    private volatile @Nullable WebSocket real;

    /** @param ended takes this watch when the operator's side is closed */
    RelayedWatch(Consumer<RelayedWatch> ended) {
        this.ended = ended;
    }

    /** The side that the operator sees. */
    WebSocketListener front() {
        return new WebSocketListener() {
            @Override
            public void onOpen(io.fabric8.mockwebserver.http.WebSocket webSocket, Response response) {
                operator.complete(webSocket);
                Objects.requireNonNull(real).request(1);
            }

            @Override
            public void onClosed(io.fabric8.mockwebserver.http.WebSocket webSocket, int code, String reason) {
                Objects.requireNonNull(real).abort();
                ended.accept(RelayedWatch.this);
            }
        };
    }

    /** Ends the watch on both sides. */
    void end() {
        Objects.requireNonNull(real).abort();
        operator.join().close(1001, "going away");
    }

    /** Asks for no event before there is someone to send it to. */
    @Override
    public void onOpen(WebSocket webSocket) {
        real = webSocket;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        event.append(data);
        if (last) {
            operator.join().send(event.toString());
            event.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        operator.join().close(code, reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        operator.join().close(1011, "the real API server is gone");
    }
}
