package dev.lunasec.client;

/**
 * A call failed. The message never holds a token, a key, a URL or a credential.
 */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The tokenizer or the store gave no answer: {@link #name()} of a failure without a name of the tokenizer's own. */
    public static final String UNREACHABLE = "unreachable";

    /** The object store refused a transfer or broke it off. */
    public static final String TRANSFER_FAILED = "transferFailed";

    private final String name;
    private final int status;

    TokenizerException(String name, int status, String message) {
        super(message);
        this.name = name;
        this.status = status;
    }

    TokenizerException(String name, int status, String message, Throwable cause) {
        super(message, cause);
        this.name = name;
        this.status = status;
    }

    /** The stable name of the failure: {@code noGrant} and the like from the tokenizer, or one of the constants of this class. */
    public String name() {
        return name;
    }

    /** The HTTP status, 0 when there was no answer. */
    public int status() {
        return status;
    }
}
