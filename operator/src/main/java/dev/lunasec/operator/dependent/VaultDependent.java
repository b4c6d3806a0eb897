package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.function.Function;

/** An object that is deleted together with its vault. It is found by its name and written by server-side apply. */
public abstract class VaultDependent<R extends HasMetadata> extends CRUDKubernetesDependentResource<R, Tokenizer> {
    private final Function<Names, String> nameOf;

    public VaultDependent(Class<R> type, Function<Names, String> name) {
        super(type);
        this.nameOf = name;
    }

    @Override
    protected ResourceID targetSecondaryResourceID(Tokenizer tokenizer, Context<Tokenizer> context) {
        Names names = Names.of(tokenizer);
        return new ResourceID(nameOf.apply(names), names.namespace());
    }
}
