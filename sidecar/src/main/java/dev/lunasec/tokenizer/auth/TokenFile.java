package dev.lunasec.tokenizer.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file with a token that another process renews, as the kubelet does for a ServiceAccount. Each call reads the file.
 */
public final class TokenFile {
    private static final int LARGEST = 16 << 10;
    /** RFC 6750, 2.1. Anything else would not pass as a header, and the refusal would quote it. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final Path file;

    public TokenFile(Path file) {
        this.file = file;
    }

    /**
     * The token as it is now, without white space around it.
     *
     * @throws IOException naming the file, when it can't be read or holds no token
     */
    public String read() throws IOException {
        byte[] content;
        try {
            content = content();
        } catch (IOException e) {
            throw new IOException("the token file " + file + " can't be read", e);
        }
        String token = new String(content, StandardCharsets.ISO_8859_1).strip();
        if (content.length > LARGEST || !TOKEN.matcher(token).matches()) {
            throw new IOException("the file " + file + " holds no token");
        }
        return token;
    }

    private byte[] content() throws IOException {
        try (InputStream in = open()) {
            return in.readNBytes(LARGEST + 1);
        }
    }

    private InputStream open() throws IOException {
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            // A renewal replaces a link and deletes what it led to, which may be between the two for this thread.
            return Files.newInputStream(file);
        }
    }
}
