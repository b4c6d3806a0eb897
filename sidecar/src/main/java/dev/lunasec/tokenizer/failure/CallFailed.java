package dev.lunasec.tokenizer.failure;

import dev.lunasec.contract.ErrorCode;

/**
 * A call failed for a named reason. The message is one sentence for the caller, who reads it as it is: it never holds a token, a
 * key, a session or a URL.
 */
public final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode failure;
    private final String sentence;

    public CallFailed(ErrorCode failure, String message) {
        super(message);
        this.failure = failure;
        this.sentence = message;
    }

    /** With the cause, for the log of the operator of the vault alone. */
    public CallFailed(ErrorCode failure, String message, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.sentence = message;
    }

    public ErrorCode failure() {
        return failure;
    }

    /** The sentence for the caller. */
    public String sentence() {
        return sentence;
    }
}
