package dev.lunasec.controlplane;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A transfer ended early or nothing arrived any more: the rest of the file can be asked for. */
final class TransferBroken extends IOException {
    private static final long serialVersionUID = 1;

    TransferBroken(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
