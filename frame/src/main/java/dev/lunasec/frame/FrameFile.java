package dev.lunasec.frame;

/**
 * A file for browsers.
 *
 * @param contentType of the answer that holds it, with its charset
 * @param content in UTF-8
 * @param digest the first 128 bits of the content's SHA-256, in hex
 */
public record FrameFile(String contentType, byte[] content, String digest) {
    /** Without the content. */
    @Override
    public String toString() {
        return "FrameFile[" + contentType + ", " + content.length + " bytes, " + digest + "]";
    }
}
