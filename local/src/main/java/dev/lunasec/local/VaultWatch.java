package dev.lunasec.local;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Polls the conditions of a vault until it is ready, and reports what it waits for. */
final class VaultWatch {
    static final ResourceDefinitionContext TOKENIZERS = new ResourceDefinitionContext.Builder()
            .withGroup("lunasec.dev")
            .withVersion("v1alpha1")
            .withKind("Tokenizer")
            .withPlural("tokenizers")
            .withNamespaced(true)
            .build();

    private static final Duration POLL = Duration.ofMillis(250);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    VaultWatch(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    /**
     * Waits.
     *
     * @param say takes a line whenever the reason changes
     * @throws IllegalStateException when it is not ready in time, with the reason
     */
    void untilReady(Duration atMost, Consumer<String> say) throws InterruptedException {
        String said = "";
        for (long end = System.nanoTime() + atMost.toNanos(); System.nanoTime() < end; Thread.sleep(POLL.toMillis())) {
            Map<String, Object> ready = condition("Ready");
            if ("True".equals(ready.get("status"))) {
                say.accept("the vault is Ready");
                return;
            }
            String why = ready.getOrDefault("reason", "NotSeenYet") + ": "
                    + ready.getOrDefault("message", "the operator has not observed it yet");
            if (!why.equals(said)) say.accept("waiting: " + why);
            said = why;
        }
        throw new IllegalStateException("The vault is not ready after " + atMost.toSeconds() + " s (" + said + ").");
    }

    /** A condition of the status as it is now, empty when there is none. */
    @SuppressWarnings("unchecked")
    Map<String, Object> condition(String type) {
        GenericKubernetesResource vault = client.genericKubernetesResources(TOKENIZERS)
                .inNamespace(namespace)
                .withName(name)
                .get();
        Object status = vault == null ? null : vault.getAdditionalProperties().get("status");
        if (!(status instanceof Map<?, ?> fields) || !(fields.get("conditions") instanceof List<?> conditions))
            return Map.of();
        return conditions.stream()
                .map(condition -> (Map<String, Object>) condition)
                .filter(condition -> type.equals(condition.get("type")))
                .findFirst()
                .orElse(Map.of());
    }
}
