package dev.lunasec.contract;

/** A keyring cannot be used. The message is one sentence that names the missing or wrong key, without its content. */
public final class InvalidKeyring extends Exception {
    private static final long serialVersionUID = 1;

    InvalidKeyring(String message) {
        super(message);
    }
}
