package dev.lunasec.operator.dependent;

import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.keyring.KeyringIndex;
import dev.lunasec.operator.model.Annotations;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of the Secret of retired shares.
 *
 * @param secret its name
 * @param data base64 values by key
 * @param version resource version; empty if the Secret does not exist
 * @param vault the id of the vault for which the Secret was made; null if it does not say
 */
public record RetiredShares(
        String secret,
        Map<String, String> data,
        String version,
        @Nullable String vault) {

    /** Reads the Secret past all caches. */
    static RetiredShares read(Names names, KubernetesClient client) {
        Secret secret = client.secrets()
                .inNamespace(names.namespace())
                .withName(names.retired())
                .get();
        if (secret == null) return new RetiredShares(names.retired(), Map.of(), "", null);
        return new RetiredShares(
                names.retired(),
                secret.getData() == null ? Map.of() : secret.getData(),
                secret.getMetadata().getResourceVersion(),
                Annotations.of(secret, Annotations.VAULT_ID));
    }

    /**
     * Lets only shares of this vault pass. The bucket of this vault says nothing about the records of another one,
     * which may have had the name before.
     *
     * @throws KeyringIndex.Unreadable if the Secret was not made for this vault
     */
    RetiredShares requireOf(VaultId id) throws KeyringIndex.Unreadable {
        if (version.isEmpty() || id.text().equals(vault)) return this;
        throw new KeyringIndex.Unreadable("The Secret " + secret + " lacks the annotation " + Annotations.VAULT_ID + "="
                + id + ", so its shares may be those of another vault. If they are this vault's, add the annotation."
                + " Otherwise save a copy of the Secret and delete it.");
    }

    /** Whether the Secret holds a copy of a share of the keyring. */
    boolean hasCopyOf(int share, Map<String, String> keyring) {
        String name = KeyringFiles.share(share);
        return data.containsKey(name) && data.get(name).equals(keyring.get(name));
    }

    /** Omits the keys. */
    @Override
    public String toString() {
        return "RetiredShares[" + version + "]";
    }
}
