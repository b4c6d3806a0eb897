package dev.lunasec.s3;

/**
 * The store did not delete everything that it has under a name. The message says what the store did, without the name.
 */
public final class NameRemains extends Exception {
    private static final long serialVersionUID = 1;

    NameRemains(String message) {
        super(message);
    }

    NameRemains(String message, Throwable cause) {
        super(message, cause);
    }
}
