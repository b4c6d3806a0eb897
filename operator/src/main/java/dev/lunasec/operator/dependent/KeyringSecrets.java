package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.keyring.KeyringChanges;
import dev.lunasec.operator.keyring.KeyringState.Present;
import dev.lunasec.operator.keyring.KeyringState.SecretContent;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The two Secrets with the shares of a vault: the keyring and the Secret of retired shares. Every read, change and deletion of them is
 * here; only {@link KeyringSecret} creates the keyring. Reads bypass the caches. Each change is one write, which the API server
 * rejects with 409 if the Secret is no longer at the version on which the change was decided.
 */
public final class KeyringSecrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Names names;
    private final KubernetesClient client;

    public KeyringSecrets(Tokenizer tokenizer, KubernetesClient client) {
        this(Names.of(tokenizer), client);
    }

    public KeyringSecrets(Names names, KubernetesClient client) {
        this.names = names;
        this.client = client;
    }

    /**
     * Reads the keyring past all caches: the operator would create a second keyring if a cache did not show the first one yet.
     *
     * @return empty if the Secret does not exist
     */
    public Optional<SecretContent> keyring() {
        return Optional.ofNullable(resource(names.keyring()).get())
                .map(secret -> new SecretContent(
                        data(secret),
                        secret.getMetadata().getUid() + "/"
                                + secret.getMetadata().getResourceVersion(),
                        secret.getMetadata().getDeletionTimestamp() != null));
    }

    /** Reads the Secret of retired shares; empty if it does not exist. */
    public RetiredShares retired() {
        Secret secret = resource(names.retired()).get();
        return secret == null
                ? new RetiredShares(Map.of(), "")
                : new RetiredShares(data(secret), secret.getMetadata().getResourceVersion());
    }

    /**
     * Generates a share and adds it to the keyring.
     *
     * @param rotation the value of {@code spec.keys.rotation}
     */
    public void addShare(Present keyring, int share, int rotation, Instant now) {
        patch(keyring, KeyringChanges.addShare(share, rotation, now, RANDOM));
    }

    /** Pins the bucket of the vault. */
    public void bind(Present keyring, BucketLocation location) {
        patch(keyring, KeyringChanges.bind(location));
    }

    /** Records that the operator deletes the bucket of the vault from now on. */
    public void beginDeletion(Present keyring, Instant now) {
        patch(keyring, KeyringChanges.beginDeletion(now));
    }

    /** Makes a share the one that new records use. */
    public void makePrimary(Present keyring, int share) {
        patch(keyring, KeyringChanges.makePrimary(share));
    }

    /**
     * Copies a share from the keyring to the Secret of retired shares. While both hold it, it counts as live.
     *
     * @param version of the Secret of retired shares; empty to create it
     */
    public void copyToRetired(int share, String version, Instant now) {
        SecretContent keyring = requireKeyring();
        Map<String, String> retired = KeyringChanges.retire(keyring.data(), share, now);
        if (version.isEmpty()) {
            client.resource(secret(names, names.retired(), VaultId.of(keyring.lookup()), retired))
                    .create();
        } else {
            patch(names.retired(), version, retired);
        }
    }

    /**
     * Removes a share from the keyring; the Secret of retired shares holds a copy. The public key of its receipts stays
     * in the keyring.
     *
     * @param compromised whether an unauthorised person may know the share
     */
    public void retire(Present keyring, int share, boolean compromised, Instant now) {
        SecretContent content = requireKeyring();
        patch(keyring, KeyringChanges.removeShare(content.data(), share, compromised, keyring.keyring(), now));
    }

    /** Copies a share from the Secret of retired shares back to the keyring. */
    public void restore(Present keyring, int share) {
        patch(keyring, KeyringChanges.restoreShare(retired().data(), share));
    }

    /**
     * Removes a share from the Secret of retired shares. If the keyring does not hold it, this destroys it.
     *
     * @param version of the Secret of retired shares
     */
    public void removeRetired(int share, String version) {
        patch(names.retired(), version, KeyringChanges.removeRetired(share));
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

    /** A new Secret with shares, without an owner: it outlives the vault. */
    static Secret secret(Names names, String name, VaultId id, Map<String, String> data) {
        return new SecretBuilder()
                .withMetadata(names.metadata(name, Names.Component.TOKENIZER))
                .editMetadata()
                .addToAnnotations(Annotations.VAULT_ID, id.text())
                .withFinalizers(Annotations.KEYRING_FINALIZER)
                .endMetadata()
                .withType("Opaque")
                .withData(data)
                .build();
    }

    private SecretContent requireKeyring() {
        return keyring()
                .orElseThrow(() -> new IllegalStateException("The Secret " + names.keyring() + " does not exist."));
    }

    private void patch(Present keyring, Map<String, ? extends @Nullable String> change) {
        patch(names.keyring(), keyring.resourceVersion(), change);
    }

    private void patch(String name, String version, Map<String, ? extends @Nullable String> change) {
        Map<String, Object> body = new HashMap<>();
        body.put("data", change);
        body.put("metadata", Map.of("resourceVersion", version));
        resource(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        client.getKubernetesSerialization().asJson(body));
    }

    private void delete(String name, Predicate<Secret> ofThisVault) {
        Secret secret = resource(name).get();
        if (secret == null || !ofThisVault.test(secret)) return;
        // With the finalizer still there: if the operator is killed in between, the next pass recognizes the Secret.
        client.resource(secret).lockResourceVersion().delete();
        if (!secret.getMetadata().getFinalizers().contains(Annotations.KEYRING_FINALIZER)) return;
        resource(name)
                .edit(deleted -> deleted.edit()
                        .editMetadata()
                        .removeFromFinalizers(Annotations.KEYRING_FINALIZER)
                        .endMetadata()
                        .build());
    }

    private Resource<Secret> resource(String name) {
        return client.secrets().inNamespace(names.namespace()).withName(name);
    }

    private static Map<String, String> data(Secret secret) {
        return secret.getData() == null ? Map.of() : secret.getData();
    }
}
