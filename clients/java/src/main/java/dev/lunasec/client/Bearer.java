package dev.lunasec.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Where the credentials of a caller come from. */
public final class Bearer {
    private Bearer() {}

    /**
     * A file that is renewed from outside, as a projected ServiceAccount token is: it is read again for every call, through all the
     * links that lead to it.
     *
     * @throws TokenizerException from the supplier, when the file can't be read
     */
    public static Supplier<String> file(Path file) {
        return () -> {
            try {
                return read(file);
            } catch (IOException e) {
                throw new TokenizerException("unauthenticated", 0, "The token file " + file + " can't be read.", e);
            }
        };
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            // A renewal replaces a link and deletes what it led to, which may be between the two for this thread.
            return Files.readString(file).strip();
        }
    }
}
