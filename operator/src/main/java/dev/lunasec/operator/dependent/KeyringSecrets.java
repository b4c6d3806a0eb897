package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.keyring.KeyringChanges;
import dev.lunasec.operator.keyring.KeyringIndex;
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
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two Secrets with the shares of a vault: the keyring and the Secret of retired shares. Every read and change of
 * them is here; only {@link KeyringSecret} creates the keyring, and {@link KeyringDeletion} deletes both. Reads bypass
 * the caches. Each change is one write, which the API server rejects with 409 if the Secret is no longer at the version
 * on which the change was decided.
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
     * Reads the keyring past all caches: if a cache did not have it yet, the operator would create a second one.
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

    /**
     * Reads the Secret of retired shares; empty if it does not exist.
     *
     * @throws KeyringIndex.Unreadable if the Secret was not made for this vault
     */
    public RetiredShares retired(VaultId vault) throws KeyringIndex.Unreadable {
        return RetiredShares.read(names, client).requireOf(vault);
    }

    /**
     * Generates a share and adds it to the keyring.
     *
     * @param rotation the value of {@code spec.keys.rotation}
     */
    public void addShare(Present keyring, int share, int rotation, Instant now) {
        patch(keyring, KeyringChanges.addShare(share, rotation, now, RANDOM));
    }

    /** Pins the bucket of the vault, and the cluster whose Tokenizer owns it. */
    public void bind(Present keyring, BucketLocation location, String cluster) {
        patch(keyring, KeyringChanges.bind(location, cluster));
    }

    /** Records that the operator deletes the bucket of the vault from now on. */
    public void beginDeletion(Present keyring, Instant now) {
        patch(keyring, KeyringChanges.beginDeletion(now));
    }

    /** Forgets a deletion that was given up, because a new one has to prove the bucket again. */
    public void forgetDeletion(Present keyring) {
        patch(keyring, KeyringChanges.forgetDeletion());
    }

    /**
     * Publishes that the receipts of these shares prove nothing, for the shares that left the keyring before.
     *
     * @return whether the keyring did not say so
     */
    public boolean publishCompromised(Present keyring, Collection<Integer> shares) {
        Map<String, String> change = KeyringChanges.compromise(requireKeyring().data(), shares);
        if (!change.isEmpty()) patch(keyring, change);
        return !change.isEmpty();
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
     * Removes a share from the keyring. The public key of its receipts stays in the keyring.
     *
     * @param compromised whether an unauthorised person may know the share
     * @throws IllegalStateException if the Secret of retired shares does not hold a copy of the share
     */
    public void retire(Present keyring, int share, boolean compromised, Instant now) {
        SecretContent content = requireKeyring();
        if (!RetiredShares.read(names, client).hasCopyOf(share, content.data())) {
            throw new IllegalStateException("The Secret " + names.retired() + " does not hold a copy of share " + share
                    + ", so the share stays in the keyring.");
        }
        patch(keyring, KeyringChanges.removeShare(content.data(), share, compromised, keyring.keyring(), now));
    }

    /** Copies a share from the Secret of retired shares back to the keyring. */
    public void restore(Present keyring, int share) {
        patch(
                keyring,
                KeyringChanges.restoreShare(RetiredShares.read(names, client).data(), share));
    }

    /**
     * Removes a share from the Secret of retired shares. If the keyring does not hold it, this destroys it.
     *
     * @param version of the Secret of retired shares
     */
    public void removeRetired(int share, String version) {
        patch(names.retired(), version, KeyringChanges.removeRetired(share));
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

    private Resource<Secret> resource(String name) {
        return client.secrets().inNamespace(names.namespace()).withName(name);
    }

    private static Map<String, String> data(Secret secret) {
        return secret.getData() == null ? Map.of() : secret.getData();
    }
}
