package dev.lunasec.tokenizer.ops;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a program that ends. */
public final class Closing {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Closes them in this order; one that can't be closed does not keep the others open. */
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
