package dev.lunasec.tokenizer.ops;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes the parts of a program that stops. */
public final class Closing {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Closes them in this order; one that can't be closed does not stop the others from closing. */
    public static void close(AutoCloseable... inOrder) {
        for (AutoCloseable part : List.of(inOrder)) {
            try {
                part.close();
            } catch (Exception e) {
                log.warn("{} could not be closed", part.getClass().getSimpleName(), e);
            }
        }
    }
}
