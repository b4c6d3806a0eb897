package dev.lunasec.controlplane;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A file that arrives in one part or in several, which are written and hashed in order. */
final class Transfer implements AutoCloseable {
    private final URI from;
    private final OutputStream out;
    private final MessageDigest digest;
    private long received;
    private long size;

    /** Writes to a new file. */
    Transfer(URI from, Path to) throws IOException {
        this.from = from;
        this.out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Bytes so far. */
    synchronized long received() {
        return received;
    }

    /** Bytes of the whole file, 0 if the server did not send it. */
    synchronized long size() {
        return size;
    }

    /** How much has arrived, "5 of 10 MB" for example. */
    synchronized String inWords() {
        return megabytes(received) + (size > 0 ? " of " + megabytes(size) : "") + " MB";
    }

    /** The answer to a request for the bytes from {@link #received()} on. */
    synchronized Part newPart() {
        return new Part(received);
    }

    /** The sum of all that was received, in lower-case hexadecimal digits; can be asked for once. */
    synchronized String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }

    private static String megabytes(long bytes) {
        if (bytes >= 10_000_000) return Long.toString(bytes / 1_000_000);
        return bytes / 1_000_000 + "." + bytes / 100_000 % 10;
    }

    /** The answer to one request. The HTTP client writes it in threads of its own. */
    final class Part implements BodyHandler<@Nullable Void> {
        private final long start;
        private boolean answered;
        private boolean ended;
        private @Nullable IOException error;

        private Part(long start) {
            this.start = start;
        }

        /** Whether the status line has arrived. */
        boolean answered() {
            synchronized (Transfer.this) {
                return answered;
            }
        }

        /** Throws what is wrong with the answer or with the file. */
        void check() throws IOException {
            synchronized (Transfer.this) {
                if (error != null) throw error;
            }
        }

        /** From here on, nothing of this answer is written. */
        void end() {
            synchronized (Transfer.this) {
                ended = true;
            }
        }

        @Override
        public BodySubscriber<@Nullable Void> apply(ResponseInfo answer) {
            synchronized (Transfer.this) {
                answered = true;
                String range = answer.headers().firstValue("Content-Range").orElse("");
                if (answer.statusCode() == 206 && start > 0 && range.startsWith("bytes " + start + "-")) return body();
                if (answer.statusCode() == 200 && start == 0) {
                    size = answer.headers().firstValueAsLong("Content-Length").orElse(0);
                    return body();
                }
                error = new IOException(from + " answered " + answer.statusCode()
                        + (start > 0 ? " to the request for the rest of the file" : ""));
                return BodySubscribers.replacing(null);
            }
        }

        private BodySubscriber<@Nullable Void> body() {
            return BodySubscribers.ofByteArrayConsumer(bytes -> bytes.ifPresent(this::write));
        }

        private void write(byte[] bytes) {
            synchronized (Transfer.this) {
                if (ended || error != null) return;
                try {
                    out.write(bytes);
                    digest.update(bytes);
                    received += bytes.length;
                } catch (IOException e) {
                    error = e;
                }
            }
        }
    }
}
