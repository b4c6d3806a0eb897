package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.Names;
import dev.lunasec.operator.model.VaultObservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import java.util.function.Function;

/**
 * An object that says where the store is. While the resource names another store than the keyring pins, the operator
 * leaves an existing one as it is, because running pods use it.
 */
public abstract class StoreDependent<R extends HasMetadata> extends VaultDependent<R> {
    public StoreDependent(Class<R> type, Function<Names, String> name) {
        super(type, name);
    }

    @Override
    public ReconcileResult<R> reconcile(Tokenizer tokenizer, Context<Tokenizer> context) {
        return VaultObservation.in(context).storeDiffers()
                        && getSecondaryResource(tokenizer, context).isPresent()
                ? ReconcileResult.noOperation(null)
                : super.reconcile(tokenizer, context);
    }
}
