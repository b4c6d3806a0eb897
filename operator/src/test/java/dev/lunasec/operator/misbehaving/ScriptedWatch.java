package dev.lunasec.operator.misbehaving;

import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** A watch that the real API server knows nothing of. It sends at most one event. */
final class ScriptedWatch extends WebSocketListener {
    private final @Nullable String event;

    /** @param event as JSON; null for a watch that sends nothing */
    ScriptedWatch(@Nullable String event) {
        this.event = event;
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        if (event != null) webSocket.send(event);
    }
}
