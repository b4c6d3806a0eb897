package dev.lunasec.contract;

/** A setting is missing or wrong; the message is one sentence that names the setting and says what is allowed. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidSettings(String message) {
        super(message);
    }

    public InvalidSettings(String message, Throwable cause) {
        super(message, cause);
    }
}
