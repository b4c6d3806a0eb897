package dev.lunasec.client;

/** A call failed. The message never holds a token, a key, a URL or a credential. */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final String name;
    private final int status;
    private final String reason;

    /** A failure that this client found itself. */
    TokenizerException(ErrorCode code, int status, String message) {
        super(message);
        this.code = code;
        this.name = code.code();
        this.status = status;
        this.reason = "";
    }

    TokenizerException(ErrorCode code, int status, String message, Throwable cause) {
        this(code, status, message);
        initCause(cause);
    }

    /** @param name and {@code reason} as the tokenizer gave them; the reason is empty if there is none */
    TokenizerException(String name, int status, String message, String reason) {
        super(message);
        this.code = ErrorCode.of(name);
        this.name = name;
        this.status = status;
        this.reason = reason;
    }

    /** Why the call failed; {@link ErrorCode#UNKNOWN} for a cause that is newer than this client. */
    public ErrorCode code() {
        return code;
    }

    /**
     * The cause by its name on the wire, like {@code noGrant}, also when {@link #code()} is {@link ErrorCode#UNKNOWN}.
     */
    public String name() {
        return name;
    }

    /**
     * Why there is no valid grant: {@code notGranted}, {@code wrongDirection}, {@code usesSpent} or {@code revoked} for
     * {@link ErrorCode#NO_GRANT}; empty for every other failure. Later versions may add words.
     */
    public String reason() {
        return reason;
    }

    /** The HTTP status; 0 when there was no answer. */
    public int status() {
        return status;
    }
}
