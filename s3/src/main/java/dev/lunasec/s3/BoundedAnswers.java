package dev.lunasec.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Fails a call whose answer is larger than any answer of a store. The SDK reads a whole answer into memory, so a store
 * that floods would take the memory of all vaults. The content of an object is not bounded here, because its reader
 * gets a stream.
 */
final class BoundedAnswers implements ExecutionInterceptor {
    /** A listing of a thousand names of the greatest length has about 2 MiB. */
    private static final long LARGEST = 8 << 20;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse answer, ExecutionAttributes attributes) {
        if (answer.request() instanceof GetObjectRequest) return answer.responseBody();
        return answer.responseBody().map(Bounded::new);
    }

    private static final class Bounded extends FilterInputStream {
        private long read;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next >= 0) count(1);
            return next;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = super.read(to, offset, length);
            if (count > 0) count(count);
            return count;
        }

        private void count(int more) throws IOException {
            read += more;
            if (read <= LARGEST) return;
            // Closing would read the rest.
            if (in instanceof Abortable abortable) abortable.abort();
            throw new IOException("The answer of the store is larger than 8 MiB.");
        }
    }
}
