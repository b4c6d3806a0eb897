package dev.lunasec.local;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** A Tokenizer from a file, led to the store and the application of this machine. */
final class LocalVault {
    /** The Secret with the credentials of the store. */
    static final String CREDENTIALS = "s3-credentials";

    private LocalVault() {}

    /** What is put in the place of what the file says, for people. */
    static final String REPLACED = "storage.endpoint, credentials and the issuers' jwksUrl";

    static GenericKubernetesResource read(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }

    /** The same resource, with the store and the issuers replaced. */
    @SuppressWarnings("unchecked")
    static GenericKubernetesResource on(GenericKubernetesResource example, URI store, URI jwks) {
        GenericKubernetesResource here = Serialization.clone(example);
        Map<String, Object> spec =
                (Map<String, Object>) here.getAdditionalProperties().get("spec");
        Map<String, Object> storage = (Map<String, Object>) spec.get("storage");
        storage.put("endpoint", store.toString());
        storage.put("pathStyleAccess", true);
        storage.put("credentials", Map.of("secretName", CREDENTIALS));
        storage.remove("publicEndpoint");
        storage.remove("trustedCA");
        Map<String, Object> auth = (Map<String, Object>) spec.get("auth");
        for (Map<String, Object> issuer : (List<Map<String, Object>>) auth.get("issuers"))
            issuer.put("jwksUrl", jwks.toString());
        return here;
    }
}
