package dev.lunasec.operator.keyring;

import dev.lunasec.contract.KeyringFiles;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** What is known of the keyring, and what may be done about it. */
public sealed interface KeyringState {
    /**
     * It is there.
     *
     * @param version of the Secret, its UID and resource version with a slash between them: one that was edited, restored or made anew has another
     */
    record Present(KeyringIndex keyring, String version, boolean beingDeleted) implements KeyringState {
        /** The part of the version that a write may be bound to. */
        public String resourceVersion() {
            return version.substring(version.indexOf('/') + 1);
        }
    }

    /** The Secret is there, but not a keyring. */
    record Unreadable(String problem) implements KeyringState {}

    /**
     * It is there, and the bucket holds records of a share that was made after it.
     *
     * @param share the number of that share
     */
    record Outdated(String secret, int share) implements KeyringState {}

    /** There is none, and there are records that only the lost one opens. */
    record Lost(String secret) implements KeyringState {}

    /** There is none, and no record needs one: it may be made. */
    record MayBeMade() implements KeyringState {}

    /** There is none, and nobody could say whether records need one: nothing is made. */
    record Undecided() implements KeyringState {}

    /** What the store says about records. */
    enum Records {
        NONE,
        SOME,
        UNKNOWN
    }

    /**
     * The Secret as the API gives it.
     *
     * @param data in base64
     */
    record Found(Map<String, String> data, String version, boolean beingDeleted) {
        /** The lookup key of a keyring that was found to be whole. */
        public byte[] lookup() {
            return Base64.getDecoder().decode(data.getOrDefault(KeyringFiles.LOOKUP, ""));
        }

        /** Without the keys. */
        @Override
        public String toString() {
            return "Found[" + version + "]";
        }
    }

    /** Asks the store; called only when the answer matters. */
    @FunctionalInterface
    interface AskForRecords {
        Records ask();
    }

    /**
     * Decides.
     *
     * @param secret its name
     * @param found the Secret, empty when there is none
     */
    static KeyringState of(String secret, Optional<Found> found, AskForRecords records) {
        if (found.isPresent()) {
            try {
                return new Present(
                        KeyringIndex.read(found.get().data()),
                        found.get().version(),
                        found.get().beingDeleted());
            } catch (KeyringIndex.Unreadable e) {
                return new Unreadable(String.valueOf(e.getMessage()));
            }
        }
        return switch (records.ask()) {
            case NONE -> new MayBeMade();
            case SOME -> new Lost(secret);
            case UNKNOWN -> new Undecided();
        };
    }
}
