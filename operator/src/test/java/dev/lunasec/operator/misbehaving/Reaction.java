package dev.lunasec.operator.misbehaving;

import java.util.Map;

/** What the front does with one request. */
sealed interface Reaction {
    /** The real API server answers. */
    Reaction PASS = new Pass();

    /** The real API server answers. */
    record Pass() implements Reaction {}

    /** The front answers, and the real API server never gets the request. */
    record Refuse(int code, Map<String, String> headers) implements Reaction {
        Refuse(int code) {
            this(code, Map.of());
        }
    }

    /** The connection is closed without an answer. */
    enum Cut implements Reaction {
        /** The real API server never gets the request. */
        BEFORE,
        /** The real API server has carried the request out. */
        AFTER
    }

    /** A watch is accepted and never sends anything. */
    record Silence() implements Reaction {}

    /** A watch is accepted and sends one event with this status. */
    record ErrorEvent(int code) implements Reaction {}
}
