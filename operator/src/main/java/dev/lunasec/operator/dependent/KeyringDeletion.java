package dev.lunasec.operator.dependent;

import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.keyring.KeyringState.Present;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Deletes the two Secrets with the shares of a vault whose bucket was deleted. */
public final class KeyringDeletion {
    private final Names names;
    private final KubernetesClient client;

    public KeyringDeletion(Names names, KubernetesClient client) {
        this.names = names;
        this.client = client;
    }

    /**
     * Deletes both Secrets with their finalizers; the keyring last. A Secret of retired shares that was made for
     * another vault stays.
     *
     * @param keyring the keyring with which the bucket was proven
     * @param id the id of the vault
     */
    public void delete(Present keyring, VaultId id) {
        delete(names.retired(), secret -> id.text().equals(Annotations.of(secret, Annotations.VAULT_ID)));
        delete(names.keyring(), secret -> secret.getMetadata().getUid().equals(keyring.uid()));
    }

    private void delete(String name, Predicate<Secret> ofThisVault) {
        Resource<Secret> resource =
                client.secrets().inNamespace(names.namespace()).withName(name);
        Secret secret = resource.get();
        if (secret == null || !ofThisVault.test(secret)) return;
        // With the finalizer still there: if the operator is killed in between, the next pass recognizes the Secret.
        client.resource(secret).lockResourceVersion().delete();
        Secret deleted = resource.get();
        // Another operator may have removed it by now, and a new vault may have a Secret of this name.
        if (deleted == null
                || !deleted.getMetadata().getUid().equals(secret.getMetadata().getUid())) return;
        List<String> others = new ArrayList<>(deleted.getMetadata().getFinalizers());
        if (!others.remove(Annotations.KEYRING_FINALIZER)) return;
        String version = deleted.getMetadata().getResourceVersion();
        Map<String, Object> metadata = Map.of("resourceVersion", version, "finalizers", others);
        resource.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                client.getKubernetesSerialization().asJson(Map.of("metadata", metadata)));
    }
}
