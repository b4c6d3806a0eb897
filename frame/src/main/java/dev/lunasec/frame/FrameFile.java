package dev.lunasec.frame;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * A file for browsers.
 *
 * @param contentType of the answer that holds it, with its charset
 * @param content in UTF-8
 * @param compressed the same with gzip, for browsers that accept it
 * @param digest the first 128 bits of the content's SHA-256, in hex
 */
public record FrameFile(String contentType, byte[] content, byte[] compressed, String digest) {
    /** Compresses the content, which takes part of a millisecond. */
    FrameFile(String contentType, byte[] content, String digest) {
        this(contentType, content, gzip(content), digest);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /** Without the content. */
    @Override
    public String toString() {
        return "FrameFile[" + contentType + ", " + content.length + " bytes, " + digest + "]";
    }
}
