package dev.lunasec.s3;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * The HTTP client of the SDK, with one more failure that the SDK understands. If the time of a call ends while the call
 * waits for a connection of a full pool or is about to use a new one, Apache's client throws an exception that is
 * neither an {@link IOException} nor an {@link SdkException}: which one depends on the moment. The SDK would pass it on
 * as it is. Here it becomes an {@link IOException}, so the caller gets an {@link SdkException}, as for every other
 * failure of the store.
 */
final class CancellationAwareHttpClient implements SdkHttpClient {
    private final SdkHttpClient client;
    private final AtomicInteger active;

    /** @param active gets the number of requests that wait for a connection or for an answer */
    CancellationAwareHttpClient(SdkHttpClient client, AtomicInteger active) {
        this.client = client;
        this.active = active;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Call(client.prepareRequest(request), active);
    }

    private record Call(ExecutableHttpRequest request, AtomicInteger active) implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            active.incrementAndGet();
            try {
                return request.call();
            } catch (SdkException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new IOException("the call was cancelled before it had a connection", e);
            } finally {
                active.decrementAndGet();
            }
        }

        @Override
        public void abort() {
            request.abort();
        }
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }
}
