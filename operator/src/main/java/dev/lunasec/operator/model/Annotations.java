package dev.lunasec.operator.model;

import dev.lunasec.api.v1alpha1.Tokenizer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every key of an annotation, a label or a finalizer that the operator writes or reads. */
public final class Annotations {
    /** Annotation of a Tokenizer: the operator does nothing for the vault while the value is {@code "true"}. */
    public static final String PAUSED = "lunasec.dev/paused";

    /** Annotation of a tokenizer pod: a hash of {@code settings.json}. */
    public static final String SETTINGS_HASH = "lunasec.dev/settings";
    /**
     * Annotation of a tokenizer pod: the shares that it mounts at least, a {@link
     * dev.lunasec.contract.KeyringAnnouncement}.
     */
    public static final String KEYRING = "lunasec.dev/keyring";
    /** Annotation of a tokenizer pod: UID and resource version of the keyring Secret. */
    public static final String KEYRING_VERSION = "lunasec.dev/keyring-version";
    /** Annotation of a tokenizer pod: a hash of the Secrets and ConfigMaps that the pod reads once. */
    public static final String REFERENCES = "lunasec.dev/references";
    /** Annotation of a Redis pod: changes when Redis has to restart. */
    public static final String REDIS_INSTANCE = "lunasec.dev/redis-instance";
    /**
     * Annotation of a Job of a rotation: the image, the settings, the number of workers and the rate that it was
     * created with.
     */
    public static final String WORK = "lunasec.dev/work";

    /** Annotation of both keyring Secrets: the id of the vault, which is no secret. */
    public static final String VAULT_ID = "lunasec.dev/vault-id";

    /** Label of a worker of a rewrap Job: the number of the share whose records it moves. */
    public static final String SHARE = "lunasec.dev/share";
    /** Label of the pods that call a vault: the vault's name. */
    public static final String CLIENT = "lunasec.dev/tokenizer-client";

    public static final String NAME = "app.kubernetes.io/name";
    /** Label of every object of a vault: the vault's name. */
    public static final String INSTANCE = "app.kubernetes.io/instance";

    public static final String COMPONENT = "app.kubernetes.io/component";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** Label selector of the objects that the operator created, of all vaults. */
    public static final String MANAGED_BY_OPERATOR = MANAGED_BY + "=" + Names.OPERATOR;

    /** Finalizer of a Tokenizer: the operator decides about bucket and keys before the resource is gone. */
    public static final String VAULT_FINALIZER = "lunasec.dev/tokenizer";
    /** Finalizer of both keyring Secrets: if someone deletes one by mistake, its keys can still be copied. */
    public static final String KEYRING_FINALIZER = "lunasec.dev/keyring";

    private Annotations() {}

    /** Whether the resource asks the operator to do nothing. */
    public static boolean isPaused(Tokenizer tokenizer) {
        return "true".equals(of(tokenizer, PAUSED));
    }

    /** The value of an annotation; null when the object does not have it. */
    public static @Nullable String of(HasMetadata object, String key) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(key);
    }
}
