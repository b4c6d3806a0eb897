package dev.lunasec.controlplane;

/** The control plane can't be had or started; the message says in a sentence or with the end of a log why. */
public final class ControlPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ControlPlaneException(String message) {
        super(message);
    }

    public ControlPlaneException(String message, Throwable cause) {
        super(message, cause);
    }
}
