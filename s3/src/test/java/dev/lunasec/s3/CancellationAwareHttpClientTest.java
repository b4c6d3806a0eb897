package dev.lunasec.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.impl.ConnectionShutdownException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** Which exceptions of the HTTP client reach the SDK. */
@Tag("pure")
class CancellationAwareHttpClientTest {
    static RuntimeException[] cancellations() {
        return new RuntimeException[] {
            new CancellationException("the pool is full"),
            new NullPointerException("the endpoint has no connection"),
            new ConnectionShutdownException()
        };
    }

    @ParameterizedTest
    @MethodSource("cancellations")
    void aCancelledCallFailsAsABrokenConnectionDoes(RuntimeException cancellation) {
        assertThatThrownBy(() -> call(cancellation))
                .isInstanceOf(IOException.class)
                .hasCause(cancellation);
    }

    @Test
    void exceptionsThatTheSdkKnowsStayAsTheyAre() {
        IOException timeout = new SocketTimeoutException("Read timed out");
        RuntimeException aborted = AbortedException.create("the thread was interrupted");
        assertThatThrownBy(() -> call(timeout)).isSameAs(timeout);
        assertThatThrownBy(() -> call(aborted)).isSameAs(aborted);
    }

    private static HttpExecuteResponse call(Exception failure) throws IOException {
        return new CancellationAwareHttpClient(new FailingClient(failure), new AtomicInteger())
                .prepareRequest(HttpExecuteRequest.builder().build())
                .call();
    }

    /** Every request fails in the same way. */
    private record FailingClient(Exception failure) implements SdkHttpClient, ExecutableHttpRequest {
        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return this;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            if (failure instanceof IOException e) throw e;
            throw (RuntimeException) failure;
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
