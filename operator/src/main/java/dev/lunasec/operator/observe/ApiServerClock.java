package dev.lunasec.operator.observe;

import dev.lunasec.runtime.HttpDate;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The clock of the API server, read from the header {@code Date} of an answer. The status of the answer does not
 * matter.
 */
public final class ApiServerClock {
    private static final int DEADLINE_SECONDS = 15;

    private ApiServerClock() {}

    /**
     * The time of the API server, in whole seconds.
     *
     * @throws KubernetesClientException if the API server gives no answer within 15 seconds, or one without a time
     */
    public static Instant now(KubernetesClient client) {
        HttpClient http = client.getHttpClient();
        HttpRequest request = http.newHttpRequestBuilder()
                .uri(URI.create(client.getMasterUrl() + "version"))
                .build();
        try {
            String date = http.sendAsync(request, byte[].class)
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .header(HttpDate.HEADER);
            return HttpDate.parse(date)
                    .orElseThrow(
                            () -> new KubernetesClientException("The answer of the API server has no header Date."));
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException("The API server did not say its time.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("The operator stops.", e);
        }
    }
}
