package dev.lunasec.operator.apply;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.dependent.KeyringSecrets;
import dev.lunasec.operator.keyring.KeyringState.Present;
import dev.lunasec.operator.model.VaultObservation;
import dev.lunasec.operator.observe.VaultObserver;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;

/** The writes to the keyring that are no steps of a rotation. */
public final class KeyringUpdates {
    private KeyringUpdates() {}

    /**
     * Makes the first of these writes that is due. Then the pass ends, because it decided from the keyring as it was.
     *
     * @param cluster the uid of the namespace {@code kube-system} of this cluster
     * @return whether the keyring was changed
     */
    public static boolean write(
            Tokenizer tokenizer, VaultObservation observed, String cluster, KubernetesClient client) {
        if (!(observed.keyring() instanceof Present keyring)) return false;
        KeyringSecrets secrets = new KeyringSecrets(tokenizer, client);
        Duration due = observed.bucket().bindingDue();
        if (due != null && due.isZero()) {
            secrets.bind(keyring, VaultObserver.location(tokenizer), cluster);
            return true;
        }
        // A keyring that is being deleted has to be copied as it is.
        if (keyring.beingDeleted()) return false;
        if (keyring.bucketDeletionBegan()) {
            // The deletion was given up, and the resource was created again.
            secrets.forgetDeletion(keyring);
            return true;
        }
        List<Integer> compromised = tokenizer.getSpec().keys().compromised();
        return !compromised.isEmpty() && secrets.publishCompromised(keyring, compromised);
    }
}
