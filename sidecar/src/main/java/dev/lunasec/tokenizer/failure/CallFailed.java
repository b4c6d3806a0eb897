package dev.lunasec.tokenizer.failure;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.NoGrantReason;
import org.jspecify.annotations.Nullable;

/**
 * A call failed for a named reason. The message is one sentence for the caller, who reads it as it is: it never holds a
 * token, a key, a session or a URL.
 */
public final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode failure;
    private final String sentence;
    private final @Nullable String reason;
    private final @Nullable NoGrantReason noGrant;

    public CallFailed(ErrorCode failure, String message) {
        this(failure, message, (String) null);
    }

    /**
     * With a reason.
     *
     * @param reason a word for the audit log that says more than the error code; null if the code says all
     */
    public CallFailed(ErrorCode failure, String message, @Nullable String reason) {
        super(message);
        this.failure = failure;
        this.sentence = message;
        this.reason = reason;
        this.noGrant = null;
    }

    /** With a reason that the caller is told, too. */
    public CallFailed(ErrorCode failure, String message, NoGrantReason noGrant) {
        super(message);
        this.failure = failure;
        this.sentence = message;
        this.reason = noGrant.word();
        this.noGrant = noGrant;
    }

    /** With the cause, for the log of the operator of the vault alone. */
    public CallFailed(ErrorCode failure, String message, Throwable cause) {
        super(message, cause);
        this.failure = failure;
        this.sentence = message;
        this.reason = null;
        this.noGrant = null;
    }

    public ErrorCode failure() {
        return failure;
    }

    /** The word for the audit log; null if the error code says all. */
    public @Nullable String reason() {
        return reason;
    }

    /** Why there is no grant, which the caller is told; null for other failures. */
    public @Nullable NoGrantReason noGrant() {
        return noGrant;
    }

    /** The sentence for the caller. */
    public String sentence() {
        return sentence;
    }
}
