package dev.lunasec.s3;

/** Ends the checks of the {@link Canary} at the first one that fails. */
final class CanaryCheckFailed extends Exception {
    private static final long serialVersionUID = 1;
    private final StoreStatus status;

    /** @param status why the store is refused */
    CanaryCheckFailed(StoreStatus status) {
        super(status.message());
        this.status = status;
    }

    StoreStatus status() {
        return status;
    }
}
