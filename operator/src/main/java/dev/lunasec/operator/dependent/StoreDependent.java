package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.NameTaken;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import java.util.Optional;
import java.util.function.Function;

/**
 * An object that says where the store is. While no keyring pins the store that the resource names, the operator
 * leaves an existing one as it is, because running pods use it.
 */
public abstract class StoreDependent<R extends HasMetadata> extends VaultDependent<R> {
    public StoreDependent(Class<R> type, Function<Names, String> name) {
        super(type, name);
    }

    @Override
    public ReconcileResult<R> reconcile(Tokenizer tokenizer, Context<Tokenizer> context) {
        Optional<R> there = getSecondaryResource(tokenizer, context);
        if (there.isEmpty() || VaultObservation.in(context).bucketPinned()) return super.reconcile(tokenizer, context);
        NameTaken.unlessOwned(there.get(), tokenizer);
        return ReconcileResult.noOperation(null);
    }
}
