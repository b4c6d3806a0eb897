package dev.lunasec.operator.keyring;

import dev.lunasec.contract.Binding;
import dev.lunasec.contract.KeyringFiles;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The state of a vault's keyring, from which the operator decides whether it may create or rotate one. */
public sealed interface KeyringState {
    /**
     * The keyring exists and is complete.
     *
     * @param version UID and resource version of the Secret with a slash between them; it changes when the Secret is
     *     edited, restored or created again
     * @param beingDeleted whether the Secret has a deletion timestamp, and only its finalizer keeps it
     * @param binding the bucket that the Secret pins
     * @param bucketDeletionBegan whether the operator began to delete the bucket of the vault
     */
    record Present(
            KeyringIndex keyring, String version, boolean beingDeleted, Binding binding, boolean bucketDeletionBegan)
            implements KeyringState {
        /** The UID alone, which tells a Secret from one that was created again. */
        public String uid() {
            return version.substring(0, version.indexOf('/'));
        }

        /** The resource version alone, which makes a patch of the Secret conditional. */
        public String resourceVersion() {
            return version.substring(version.indexOf('/') + 1);
        }
    }

    /**
     * The Secret exists, but its content is not a keyring.
     *
     * @param problem one sentence, without any key
     */
    record Unreadable(String problem) implements KeyringState {}

    /**
     * The Secret of retired shares is not valid, or may be that of another vault.
     *
     * @param problem sentences that say what to do, without any key
     */
    record RetiredUnusable(String problem) implements KeyringState {}

    /**
     * The Secret comes from an old backup: the bucket holds records of a share that it does not contain.
     *
     * @param secret its name
     * @param share the highest share number in the bucket
     */
    record Outdated(String secret, int share) implements KeyringState {}

    /**
     * The Secret is missing, and the bucket holds objects that may need the lost keyring.
     *
     * @param secret its name
     */
    record Lost(String secret) implements KeyringState {}

    /** The Secret is missing and the bucket is empty: the operator creates a keyring. */
    record NotCreated() implements KeyringState {}

    /** The Secret is missing, and the store did not say whether the bucket is empty: the operator creates nothing. */
    record Unknown() implements KeyringState {}

    /**
     * The content of the Secret as the API server returns it.
     *
     * @param data base64 values by key
     * @param version as in {@link Present}
     * @param beingDeleted as in {@link Present}
     */
    record SecretContent(Map<String, String> data, String version, boolean beingDeleted) {
        /** The lookup key; empty when the Secret has none. */
        public byte[] lookup() {
            return Base64.getDecoder().decode(data.getOrDefault(KeyringFiles.LOOKUP, ""));
        }

        /** Omits the keys. */
        @Override
        public String toString() {
            return "SecretContent[" + version + "]";
        }
    }

    /**
     * Decides the state.
     *
     * @param secret name of the Secret
     * @param content of the Secret; empty when it does not exist
     * @param records asks the store whether the bucket holds anything; called only when the Secret does not exist
     */
    static KeyringState of(String secret, Optional<SecretContent> content, Supplier<RecordPresence> records) {
        if (content.isPresent()) {
            try {
                return new Present(
                        KeyringIndex.read(content.get().data()),
                        content.get().version(),
                        content.get().beingDeleted(),
                        KeyringIndex.binding(content.get().data()),
                        content.get().data().containsKey(KeyringFiles.DELETING));
            } catch (KeyringIndex.Unreadable e) {
                return new Unreadable(String.valueOf(e.getMessage()));
            }
        }
        return switch (records.get()) {
            case NONE -> new NotCreated();
            case SOME -> new Lost(secret);
            case UNPROVEN, UNKNOWN -> new Unknown();
        };
    }
}
