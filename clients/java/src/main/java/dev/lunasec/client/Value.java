package dev.lunasec.client;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/** A value to store. Its size is known before it is sent, because the upload URL is signed for this size alone. */
public sealed interface Value {
    /** In bytes. */
    long size();

    /** The content; where {@link #repeatable()}, each call returns it from its beginning. */
    BodyPublisher content();

    /**
     * Opens the content for reading in parts. The reader closes it, which does not close a stream that was given.
     *
     * @throws IOException when it cannot be opened
     */
    InputStream open() throws IOException;

    /** Whether the value can be sent a second time. */
    boolean repeatable();

    /** Bytes in memory. */
    static Value of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /**
     * A file, which must not change while it is stored.
     *
     * @throws IOException when the file does not exist
     */
    static Value of(Path file) throws IOException {
        return new File(file, Files.size(file));
    }

    /** The next {@code size} bytes of a stream, which is read once and not closed. */
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
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
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
                throw new TokenizerException(ErrorCode.TRANSFER_FAILED, 0, "The file does not exist any more.", e);
            }
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
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
        public InputStream open() {
            return new FilterInputStream(stream) {
                /** The stream is the caller's. */
                @Override
                public void close() {}
            };
        }

        @Override
        public boolean repeatable() {
            return false;
        }
    }
}
