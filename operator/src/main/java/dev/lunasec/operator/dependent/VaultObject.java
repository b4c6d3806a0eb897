package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.function.Function;

/** An object of a vault that goes when the vault goes: found by its name, written by server-side apply. */
abstract class VaultObject<R extends HasMetadata> extends CRUDKubernetesDependentResource<R, Tokenizer> {
    private final Function<Names, String> nameOf;

    VaultObject(Class<R> type, Function<Names, String> name) {
        super(type);
        this.nameOf = name;
    }

    @Override
    protected ResourceID targetSecondaryResourceID(Tokenizer tokenizer, Context<Tokenizer> context) {
        Names names = Names.of(tokenizer);
        return new ResourceID(nameOf.apply(names), names.namespace());
    }
}
