package dev.lunasec.operator.bucket;

/** An operation on the bucket failed, or the operator refused it. The message is for the status of the resource. */
public final class StorageFailed extends Exception {
    private static final long serialVersionUID = 1;

    public StorageFailed(String message) {
        super(message);
    }

    public StorageFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
