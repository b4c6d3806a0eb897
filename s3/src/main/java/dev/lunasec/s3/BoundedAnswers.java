package dev.lunasec.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Bounds the memory that answers of stores take. The SDK reads a whole answer into memory, so stores that flood would
 * take the memory of all vaults. A call fails if its answer is larger than any answer of a store. Four calls of the
 * process can have large answers at the same time, and others wait until one of them ends. Small answers never wait.
 * The content of an object is not bounded here, because its reader gets a stream.
 */
final class BoundedAnswers implements ExecutionInterceptor {
    /** In bytes. A listing of a thousand names of the greatest length has 3 MiB, because they are URL-encoded. */
    private static final long LARGEST = 4 << 20;
    /**
     * Tags and attributes, of which each takes some hundred bytes of memory. A listing of a thousand versions has
     * 26,000 tags.
     */
    private static final int MOST_TAGS = 1 << 16;

    private static final int LARGE_BYTES = 128 << 10;
    private static final int LARGE_TAGS = 1 << 12;
    private static final Semaphore LARGE_ANSWERS = new Semaphore(S3Connection.LARGE_ANSWERS, true);
    private static final long WAIT_SECONDS = 2;

    private static final ExecutionAttribute<Place> PLACE = new ExecutionAttribute<>("placeOfLargeAnswer");

    @Override
    public void beforeExecution(Context.BeforeExecution call, ExecutionAttributes attributes) {
        attributes.putAttribute(PLACE, new Place());
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse answer, ExecutionAttributes attributes) {
        if (answer.request() instanceof GetObjectRequest) return answer.responseBody();
        Place place = attributes.getAttribute(PLACE);
        return answer.responseBody().map(body -> new Bounded(body, place));
    }

    @Override
    public void afterExecution(Context.AfterExecution call, ExecutionAttributes attributes) {
        attributes.getAttribute(PLACE).release();
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution call, ExecutionAttributes attributes) {
        attributes.getAttribute(PLACE).release();
    }

    /** How many calls of the process have large answers now. */
    static int activeLargeAnswers() {
        return S3Connection.LARGE_ANSWERS - LARGE_ANSWERS.availablePermits();
    }

    /** The place of one call among those with large answers, which it keeps for all its attempts. */
    private static final class Place {
        private boolean held;

        synchronized void take() throws IOException {
            if (held) return;
            try {
                held = LARGE_ANSWERS.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("The time of the call ended.");
            }
            if (!held) throw new IOException("Four answers of stores are too large for another large one.");
        }

        synchronized void release() {
            if (held) LARGE_ANSWERS.release();
            held = false;
        }
    }

    private static final class Bounded extends FilterInputStream {
        private final Place place;
        private long bytes;
        private int tags;

        Bounded(InputStream in, Place place) {
            super(in);
            this.place = place;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next >= 0) count(new byte[] {(byte) next}, 0, 1);
            return next;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = super.read(to, offset, length);
            if (count > 0) count(to, offset, count);
            return count;
        }

        private void count(byte[] read, int offset, int count) throws IOException {
            bytes += count;
            for (int i = offset; i < offset + count; i++) if (read[i] == '<' || read[i] == '=') tags++;
            if (bytes > LARGEST) throw tooLarge("The answer of the store is larger than 4 MiB.");
            if (tags > MOST_TAGS) throw tooLarge("The answer of the store has more than 65,536 tags.");
            if (bytes > LARGE_BYTES || tags > LARGE_TAGS) place.take();
        }

        private IOException tooLarge(String message) {
            // Closing would read the rest.
            if (in instanceof Abortable abortable) abortable.abort();
            return new IOException(message);
        }
    }
}
