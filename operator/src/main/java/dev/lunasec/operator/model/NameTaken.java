package dev.lunasec.operator.model;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object of another owner has the name of an object of a vault. The operator leaves it as it is. */
public final class NameTaken extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NameTaken(HasMetadata object) {
        super("The " + object.getKind() + " " + object.getMetadata().getName()
                + " exists, and its ownerReferences do not name this Tokenizer;"
                + " delete it, or choose another name for the Tokenizer.");
    }

    /**
     * Accepts only an object of this vault.
     *
     * @throws NameTaken if the owner references of the object do not have the UID of the resource
     */
    public static void unlessOwned(HasMetadata object, Tokenizer owner) {
        if (!object.hasOwnerReferenceFor(owner)) throw new NameTaken(object);
    }
}
