package dev.lunasec.contract;

/** The HTTP headers that are ours. */
public final class HttpHeaders {
    /**
     * A hash of the session. The tokenizer sends it with its first answer; a client that sends it back from then on is
     * refused under any other session.
     */
    public static final String SESSION_HASH = "lunasec-session-hash";

    private HttpHeaders() {}
}
