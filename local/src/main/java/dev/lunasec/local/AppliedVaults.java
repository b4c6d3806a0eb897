package dev.lunasec.local;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;

/** Writes vaults and the objects that they need to the API server, by server-side apply. */
final class AppliedVaults {
    private final KubernetesClient client;

    AppliedVaults(KubernetesClient client) {
        this.client = client;
    }

    GenericKubernetesResource apply(GenericKubernetesResource example, StorePlace store, URI jwks) {
        GenericKubernetesResource here = LocalVault.on(example, store, jwks);
        String namespace = here.getMetadata().getNamespace();
        apply(LocalVault.namespace(namespace));
        String authority = store.authorityPem();
        if (authority != null) apply(LocalVault.authority(namespace, authority));
        applyCredentials(namespace, store.accessKeyId(), store.secretAccessKey());
        return apply(here);
    }

    void applyCredentials(String namespace, String accessKeyId, String secretAccessKey) {
        apply(LocalVault.credentials(namespace, accessKeyId, secretAccessKey));
    }

    private <T extends HasMetadata> T apply(T object) {
        return client.resource(object).fieldManager("local").forceConflicts().serverSideApply();
    }
}
