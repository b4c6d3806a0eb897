package dev.lunasec.operator.controller;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operator's client of the API server. */
public final class ApiServerClient {
    private ApiServerClient() {}

    /**
     * A client that pauses before it repeats a request, for as long as the API server says in {@code Retry-After}, at
     * most for the time limit of a request. Its lists and watches of Secrets hold metadata only, so the content of
     * Secrets that no vault names never reaches the operator. A Secret that is read by its name has its content.
     */
    public static KubernetesClient of(Config config) {
        ObjectMapper json = new ObjectMapper().addMixIn(SecretList.class, MetadataList.class);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(new KubernetesSerialization(json, true))
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("retry-after", new RetryAfter())
                        .addOrReplaceInterceptor("metadata-of-secrets", new MetadataOfSecrets()))
                .build();
    }

    /** The API server writes null for the items of an empty list of metadata, which fabric8 does not expect. */
    private abstract static class MetadataList {
        @SuppressWarnings("UnusedVariable") // Jackson reads the annotation.
        @JsonSetter(nulls = Nulls.AS_EMPTY)
        @Nullable
        List<Secret> items;
    }

    /** Asks for {@code PartialObjectMetadata} instead of Secrets, wherever a request names no single Secret. */
    private static final class MetadataOfSecrets implements Interceptor {
        /** Of all namespaces, or of one; a single Secret or namespace may be called {@code secrets} too. */
        private static final Pattern LIST = Pattern.compile("/api/v1(/namespaces/[^/]+)?/secrets$");

        private static final String METADATA = "application/json;as=%s;v=v1;g=meta.k8s.io";

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (!"GET".equals(request.method())
                    || !LIST.matcher(request.uri().getPath()).find()) return;
            String query = String.valueOf(request.uri().getQuery());
            String kind = query.contains("watch=true") ? "PartialObjectMetadata" : "PartialObjectMetadataList";
            builder.setHeader("Accept", METADATA.formatted(kind));
        }
    }

    /**
     * Holds an answer that has {@code Retry-After} back for that time. fabric8 7.9.0 reads the header, but then repeats
     * the request after its own interval, which begins with 100 ms.
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
