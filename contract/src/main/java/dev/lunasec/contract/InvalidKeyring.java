package dev.lunasec.contract;

/** A keyring cannot be used; the message is one sentence that names the key that is missing or wrong, without its content. */
public final class InvalidKeyring extends Exception {
    private static final long serialVersionUID = 1;

    InvalidKeyring(String message) {
        super(message);
    }
}
