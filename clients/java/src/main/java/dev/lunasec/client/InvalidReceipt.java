package dev.lunasec.client;

/** A text is not a receipt that one of the given keys signed; the message says why. */
public final class InvalidReceipt extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Reason {
        /** The text does not have the form of a receipt. */
        MALFORMED,
        /** The keys are not a JWK Set with usable keys. */
        MALFORMED_KEYS,
        /** The receipt names a key that is not among the given keys. */
        UNKNOWN_KEY,
        /** The key that the receipt names did not sign it. */
        WRONG_SIGNATURE,
        /** The key no longer signed at the time that the receipt names, or others may have it. */
        KEY_NOT_VALID,
        /** The receipt is for another token. */
        OTHER_TOKEN
    }

    private final Reason reason;

    InvalidReceipt(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
