package dev.lunasec.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Where the credentials of a caller come from. */
public final class Bearer {
    private Bearer() {}

    /**
     * A file that is renewed from outside, as a projected ServiceAccount token is: it is read again for every call.
     *
     * @throws TokenizerException from the supplier, when the file can't be read
     */
    public static Supplier<String> file(Path file) {
        return () -> {
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new TokenizerException("unauthenticated", 0, "The token file " + file + " can't be read.", e);
            }
        };
    }
}
