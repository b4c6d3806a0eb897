package dev.lunasec.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens of pods' ServiceAccounts, asked for at the API server and renewed when four fifths of their time are over.
 */
final class PodTokens {
    private static final long SECONDS = 3600;

    private final KubernetesClient client;
    private final Map<Path, Issued> issued = new ConcurrentHashMap<>();

    PodTokens(KubernetesClient client) {
        this.client = client;
    }

    /** @param folder of the volume, by which a token is known again */
    String token(Pod pod, ServiceAccountTokenProjection wanted, Path folder) {
        return issued.compute(
                        folder.resolve(wanted.getPath()),
                        (path, last) -> last == null || System.nanoTime() - last.renewAt > 0 ? ask(pod, wanted) : last)
                .token;
    }

    private Issued ask(Pod pod, ServiceAccountTokenProjection wanted) {
        long seconds = Objects.requireNonNullElse(wanted.getExpirationSeconds(), SECONDS);
        TokenRequestBuilder request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(seconds)
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec();
        if (wanted.getAudience() != null && !wanted.getAudience().isEmpty())
            request.editSpec().withAudiences(wanted.getAudience()).endSpec();
        TokenRequest answer = client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(request.build());
        long renewAt = System.nanoTime() + Duration.ofSeconds(seconds * 4 / 5).toNanos();
        return new Issued(answer.getStatus().getToken(), renewAt);
    }

    private record Issued(String token, long renewAt) {}
}
