package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.contract.VaultId;
import dev.lunasec.operator.keyring.KeyringChanges;
import dev.lunasec.operator.keyring.KeyringState;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.BooleanWithUndefined;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/**
 * The keyring Secret. The operator creates it once, when no record needs another keyring. Only rotations change it, and
 * it has no owner, so no garbage collection deletes it. It is created by a plain POST, which succeeds only once:
 * neither a crash nor a second operator can create two keyrings.
 */
@KubernetesDependent(useSSA = BooleanWithUndefined.FALSE)
public final class KeyringSecret extends KubernetesDependentResource<Secret, Tokenizer>
        implements Creator<Secret, Tokenizer> {
    private static final SecureRandom RANDOM = new SecureRandom();

    public KeyringSecret() {
        super(Secret.class);
    }

    @Override
    public ReconcileResult<Secret> reconcile(Tokenizer tokenizer, Context<Tokenizer> context) {
        if (!(VaultObservation.in(context).keyring() instanceof KeyringState.NotCreated))
            return ReconcileResult.noOperation(null);
        return super.reconcile(tokenizer, context);
    }

    @Override
    protected Secret desired(Tokenizer tokenizer, Context<Tokenizer> context) {
        return desired(tokenizer, VaultObservation.in(context).now(), RANDOM);
    }

    static Secret desired(Tokenizer tokenizer, Instant now, SecureRandom random) {
        Names names = Names.of(tokenizer);
        Map<String, String> data =
                KeyringChanges.generate(tokenizer.getSpec().keys().rotation(), now, random);
        byte[] lookup = Base64.getDecoder().decode(data.get(KeyringFiles.LOOKUP));
        return KeyringSecrets.secret(names, names.keyring(), VaultId.of(lookup), data);
    }

    @Override
    protected ResourceID targetSecondaryResourceID(Tokenizer tokenizer, Context<Tokenizer> context) {
        Names names = Names.of(tokenizer);
        return new ResourceID(names.keyring(), names.namespace());
    }

    @Override
    protected void addReferenceHandlingMetadata(Secret desired, Tokenizer tokenizer) {
        // The labels name the vault; with an owner reference the Secret would be deleted together with the vault.
    }
}
