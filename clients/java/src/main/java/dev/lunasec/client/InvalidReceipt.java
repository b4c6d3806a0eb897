package dev.lunasec.client;

/** A text is no receipt that these keys signed; the message says what was seen. */
public final class InvalidReceipt extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong with it. */
    public enum Reason {
        /** It does not have the form of a receipt of a tokenizer. */
        MALFORMED,
        /** The key set is none. */
        MALFORMED_KEYS,
        /** None of the keys is the one that it names. */
        UNKNOWN_KEY,
        /** The key that it names did not sign it. */
        WRONG_SIGNATURE
    }

    private final Reason reason;

    InvalidReceipt(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
