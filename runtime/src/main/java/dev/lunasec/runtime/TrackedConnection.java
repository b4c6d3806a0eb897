package dev.lunasec.runtime;

import java.nio.ByteBuffer;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A connection of a caller, and whom it waits for now. */
final class TrackedConnection {
    /** What happens on a connection. The server waits for the caller in all phases but {@link #WORK}. */
    enum Phase {
        /** The headers of the next request have not arrived. */
        HEADERS,
        /** The body has not arrived. */
        BODY,
        /** The server works on the answer. */
        WORK,
        /** The caller has not taken the answer. */
        ANSWER
    }

    /**
     * What happens on a connection now.
     *
     * @param since when it began, as {@link System#nanoTime()}
     */
    record State(Phase phase, long since) {}

    private final EndPoint endPoint;
    private final Set<TrackedConnection> known;
    private final int mostKnown;
    private volatile State state = new State(Phase.HEADERS, System.nanoTime());

    /**
     * Of a connection that was just opened.
     *
     * @param known the connections of known callers
     * @param mostKnown the maximum size of {@code known}
     */
    TrackedConnection(EndPoint endPoint, Set<TrackedConnection> known, int mostKnown) {
        this.endPoint = endPoint;
        this.known = known;
        this.mostKnown = mostKnown;
    }

    /** Follows a request whose headers have arrived. */
    void follow(Request request) {
        enter(hasBody(request) ? Phase.BODY : Phase.WORK);
        request.addHttpStreamWrapper(Followed::new);
    }

    EndPoint endPoint() {
        return endPoint;
    }

    State state() {
        return state;
    }

    boolean isKnown() {
        return known.contains(this);
    }

    /** Notes that the caller has authenticated. */
    void callerIsKnown() {
        if (known.size() >= mostKnown || !known.add(this)) return;
        // Others may have been added meanwhile. A connection that was closed before this call is not removed by its
        // close.
        if (known.size() > mostKnown || !endPoint.isOpen()) known.remove(this);
    }

    void close() {
        endPoint.close();
    }

    private void enter(Phase phase) {
        state = new State(phase, System.nanoTime());
    }

    private static boolean hasBody(Request request) {
        return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
    }

    /** The stream of a request, which tells the phases that follow its headers. */
    private final class Followed extends HttpStream.Wrapper {
        private Followed(HttpStream stream) {
            super(stream);
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.isLast() && state.phase == Phase.BODY) enter(Phase.WORK);
            return chunk;
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.@Nullable Response response,
                boolean last,
                @Nullable ByteBuffer content,
                Callback callback) {
            // The server asks with 100 (Continue) for a body that the caller has announced.
            if (response == null || !HttpStatus.isInformational(response.getStatus())) enter(Phase.ANSWER);
            super.send(request, response, last, content, callback);
        }

        @Override
        public void succeeded() {
            enter(Phase.HEADERS);
            super.succeeded();
        }
    }
}
