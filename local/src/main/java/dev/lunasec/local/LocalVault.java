package dev.lunasec.local;

import dev.lunasec.contract.MountedFiles;
import dev.lunasec.contract.TokenizerSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A Tokenizer from a file, with the store and the application of this machine, and the objects that it needs. */
final class LocalVault {
    /** The Secret with the credentials of the store. */
    static final String CREDENTIALS = "s3-credentials";

    /** The ConfigMap with the authority of the store. */
    private static final String AUTHORITY = "s3-authority";

    private static final String AUTHORITY_KEY = "ca.crt";

    private LocalVault() {}

    /** What is put in the place of what the file says, for people. */
    static final String REPLACED = "storage.endpoint, credentials, frame, and the issuers' URLs and permissions";

    private static final List<String> ACTIONS = Arrays.stream(TokenizerSettings.Action.values())
            .map(TokenizerSettings.Action::label)
            .toList();

    static GenericKubernetesResource read(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }

    /** The same resource, with the store and the issuers replaced. */
    static GenericKubernetesResource on(GenericKubernetesResource example, StorePlace store, URI jwks) {
        GenericKubernetesResource here = Serialization.clone(example);
        Map<String, Object> storage = here.get("spec", "storage");
        storage.put("endpoint", store.endpoint().toString());
        storage.put("bucket", storage.get("bucket") + store.bucketSuffix());
        if (store.region() != null) storage.put("region", store.region());
        storage.put("pathStyleAccess", true);
        storage.put("credentials", Map.of("secretName", CREDENTIALS));
        storage.remove("publicEndpoint");
        storage.remove("trustedCA");
        if (store.authority() != null)
            storage.put("trustedCA", Map.of("configMapName", AUTHORITY, "key", AUTHORITY_KEY));
        List<Map<String, Object>> issuers = here.get("spec", "auth", "issuers");
        for (Map<String, Object> issuer : issuers) {
            issuer.put("jwksUrl", jwks.toString());
            // The demo application is a process on this machine, and speaks HTTP.
            issuer.put("allowInsecure", true);
            // People try every route with its JWTs.
            issuer.put("kinds", List.of("User", "Application", "Developer"));
            issuer.put("actions", ACTIONS);
        }
        return here;
    }

    /** The same resource, with the addresses at which browsers reach the vault and log in. */
    static GenericKubernetesResource withBrowsers(GenericKubernetesResource example, ShopAddresses addresses) {
        GenericKubernetesResource here = Serialization.clone(example);
        Map<String, Object> spec = here.get("spec");
        spec.put("frame", Map.of("origin", addresses.vaultOrigin(), "allowedOrigins", List.of(addresses.shopOrigin())));
        List<Map<String, Object>> issuers = here.get("spec", "auth", "issuers");
        issuers.forEach(issuer -> issuer.put("loginUrl", addresses.loginUrl()));
        return here;
    }

    static Namespace namespace(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }

    /** The ConfigMap with the authority of the store. */
    static ConfigMap authority(String namespace, String pem) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(AUTHORITY)
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of(AUTHORITY_KEY, pem))
                .build();
    }

    /** The Secret with the credentials of the store. */
    static Secret credentials(String namespace, String accessKeyId, String secretAccessKey) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(CREDENTIALS)
                .withNamespace(namespace)
                .endMetadata()
                .withStringData(Map.of(
                        MountedFiles.ACCESS_KEY_ID, accessKeyId, MountedFiles.SECRET_ACCESS_KEY, secretAccessKey))
                .build();
    }
}
