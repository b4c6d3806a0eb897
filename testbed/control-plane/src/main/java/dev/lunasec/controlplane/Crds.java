package dev.lunasec.controlplane;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** CustomResourceDefinitions, applied and waited for: an API server serves a kind only some time after it took it. */
public final class Crds {
    private static final String FIELD_MANAGER = "local";
    private static final int SECONDS = 30;

    private Crds() {}

    /**
     * Applies every definition of a YAML stream and returns once all of them are served.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientTimeoutException when one is not served within 30 seconds
     */
    public static void install(KubernetesClient client, InputStream yaml) {
        for (HasMetadata crd : client.load(yaml).items()) {
            client.resource(crd).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(crd.getMetadata().getName())
                    .waitUntilCondition(Crds::established, SECONDS, TimeUnit.SECONDS);
        }
    }

    /** A new definition has no status, then one with names and without conditions, then the conditions. */
    private static boolean established(@Nullable CustomResourceDefinition crd) {
        return Optional.ofNullable(crd)
                .map(CustomResourceDefinition::getStatus)
                .map(CustomResourceDefinitionStatus::getConditions)
                .orElse(List.of())
                .stream()
                .anyMatch(condition -> condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
    }
}
