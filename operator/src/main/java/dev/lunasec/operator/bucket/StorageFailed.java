package dev.lunasec.operator.bucket;

/** The store could not be asked. */
public final class StorageFailed extends Exception {
    private static final long serialVersionUID = 1;

    public StorageFailed(String message) {
        super(message);
    }

    public StorageFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
