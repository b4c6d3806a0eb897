package dev.lunasec.operator.controller;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The operator's client of the API server. */
public final class ApiServerClient {
    private ApiServerClient() {}

    /** A client that pauses before it repeats a request, for as long as the API server says in {@code Retry-After}, at most for the time limit of a request. */
    public static KubernetesClient of(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("retry-after", new RetryAfter()))
                .build();
    }

    /**
     * Holds an answer that has {@code Retry-After} back for that time. fabric8 7.9.0 reads the header, but then repeats the request after its own
     * interval, which begins with 100 ms.
     */
    private static final class RetryAfter implements Interceptor {
        /** Longer than the client waits for any answer; a request that is held back for so long fails. */
        private static final long MAXIMUM_SECONDS = 60;

        @Override
        public CompletableFuture<Boolean> afterFailure(BasicBuilder request, HttpResponse<?> answer, RequestTags tags) {
            long seconds = seconds(answer.header(StandardHttpHeaders.RETRY_AFTER));
            return seconds == 0
                    ? CompletableFuture.completedFuture(false)
                    : new CompletableFuture<Boolean>().completeOnTimeout(false, seconds, TimeUnit.SECONDS);
        }

        /** The API server sends whole seconds, never a date. */
        private static long seconds(@Nullable String retryAfter) {
            if (retryAfter == null || !retryAfter.matches("[0-9]{1,9}")) return 0;
            return Math.min(Long.parseLong(retryAfter), MAXIMUM_SECONDS);
        }
    }
}
