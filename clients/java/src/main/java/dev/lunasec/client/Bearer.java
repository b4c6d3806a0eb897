package dev.lunasec.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Sources of a caller's credentials. */
public final class Bearer {
    private static final int ATTEMPTS = 20;

    private Bearer() {}

    /**
     * A file that is replaced while the process runs, like a ServiceAccount token that is projected for the audience in
     * {@code status.audience} of the vault. It is read again for every attempt of every call.
     *
     * @return throws {@link TokenizerException} with {@link ErrorCode#UNAUTHENTICATED} when the file cannot be read
     */
    public static Supplier<String> file(Path file) {
        return () -> {
            try {
                return read(file);
            } catch (IOException e) {
                throw new TokenizerException(
                        ErrorCode.UNAUTHENTICATED, 0, "The token file " + file + " cannot be read.", e);
            }
        };
    }

    private static String read(Path file) throws IOException {
        for (int again = ATTEMPTS - 1; again > 0; again--) {
            try {
                return Files.readString(file).strip();
            } catch (NoSuchFileException e) {
                // The kubelet replaces a link and then deletes its old target: this thread may have followed the old
                // link, also several times if it is slow.
            }
        }
        return Files.readString(file).strip();
    }
}
