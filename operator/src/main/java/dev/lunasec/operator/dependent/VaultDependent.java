package dev.lunasec.operator.dependent;

import dev.lunasec.api.v1alpha1.Tokenizer;
import dev.lunasec.operator.model.NameTaken;
import dev.lunasec.operator.model.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An object that is deleted together with its vault. It is found by its name and written by server-side apply. If an
 * object of another owner has the name, the operator reports it and leaves it as it is.
 */
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

    @Override
    protected ReconcileResult<R> reconcile(Tokenizer tokenizer, @Nullable R there, Context<Tokenizer> context) {
        if (there != null) NameTaken.unlessOwned(there, tokenizer);
        return super.reconcile(tokenizer, there, context);
    }

    /**
     * The cache holds only objects with the labels of the operator; the API server knows the others and refuses to
     * create.
     */
    @Override
    protected R handleCreate(R desired, Tokenizer tokenizer, Context<Tokenizer> context) {
        try {
            return super.handleCreate(desired, tokenizer, context);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
            R there = context.getClient().resource(desired).get();
            if (there != null) NameTaken.unlessOwned(there, tokenizer);
            throw e;
        }
    }

    @Override
    protected void handleDelete(Tokenizer tokenizer, @Nullable R there, Context<Tokenizer> context) {
        if (there != null && there.hasOwnerReferenceFor(tokenizer)) super.handleDelete(tokenizer, there, context);
    }
}
