package dev.lunasec.client;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/** What to store: its size is known before it is sent, so that the upload can be held to it. */
public sealed interface Value {
    /** In bytes. */
    long size();

    /** Its content; anew at each call, where {@link #repeatable()}. */
    BodyPublisher content();

    /** Whether it can be sent a second time. */
    boolean repeatable();

    /** Bytes in memory. */
    static Value of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /**
     * A file, which must not change while it is stored.
     *
     * @throws IOException when it is not there
     */
    static Value of(Path file) throws IOException {
        return new File(file, Files.size(file));
    }

    /** The next {@code size} bytes of a stream; it is read once and not closed. */
    static Value of(InputStream stream, long size) {
        return new Stream(stream, size);
    }

    /** Bytes in memory. */
    record Bytes(byte[] bytes) implements Value {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public BodyPublisher content() {
            return BodyPublishers.ofByteArray(bytes);
        }

        @Override
        public boolean repeatable() {
            return true;
        }

        /** Without the bytes. */
        @Override
        public String toString() {
            return "Value[" + bytes.length + " bytes]";
        }
    }

    /** A file. */
    record File(Path file, long size) implements Value {
        @Override
        public BodyPublisher content() {
            try {
                return BodyPublishers.ofFile(file);
            } catch (FileNotFoundException e) {
                throw new TokenizerException(
                        TokenizerException.TRANSFER_FAILED, 0, "The file is not there any more.", e);
            }
        }

        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /** A stream. */
    record Stream(InputStream stream, long size) implements Value {
        @Override
        public BodyPublisher content() {
            return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> stream), size);
        }

        @Override
        public boolean repeatable() {
            return false;
        }
    }
}
