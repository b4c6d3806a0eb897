package dev.lunasec.operator.keyring;

import dev.lunasec.contract.Binding;
import dev.lunasec.contract.InvalidKeyring;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.KeyringFiles;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the shares that a keyring holds, without the shares.
 *
 * @param primary the share that new records use
 * @param shares all numbers, ascending
 * @param rotation the value of {@code spec.keys.rotation} for which the newest share was created
 * @param created when the newest share was created; null if the Secret does not say
 * @param lastRotation the rotation to the primary share; null until it is completed
 */
public record KeyringIndex(
        int primary,
        List<Integer> shares,
        int rotation,
        @Nullable Instant created,
        @Nullable CompletedRotation lastRotation) {
    /**
     * A rotation after which the keyring holds only the primary share.
     *
     * @param started when the primary share was created
     * @param completed when the last older share left the keyring
     */
    public record CompletedRotation(Instant started, Instant completed) {}

    /** The Secret is not a valid keyring. The message says what is wrong with it, without its content. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        public Unreadable(String message) {
            super(message);
        }
    }

    /** The highest number. */
    public int newest() {
        return shares.get(shares.size() - 1);
    }

    /** The numbers of the shares that are older than the primary, ascending. */
    public List<Integer> older() {
        return shares.stream().filter(share -> share < primary).toList();
    }

    /** The announcement of this keyring, which the operator writes on each pod. */
    public KeyringAnnouncement announcement() {
        return new KeyringAnnouncement(primary, shares);
    }

    /**
     * Parses the data of the keyring Secret.
     *
     * @param data base64 values by key, as in the API
     */
    public static KeyringIndex read(Map<String, String> data) throws Unreadable {
        Map<String, byte[]> files = decode(data);
        try {
            KeyringFiles keyring = KeyringFiles.parse(files);
            int newest = keyring.shares().lastKey();
            int rotation = files.containsKey(KeyringFiles.ROTATION)
                    ? KeyringFiles.number(files, KeyringFiles.ROTATION)
                    : newest;
            return new KeyringIndex(
                    keyring.primary(),
                    List.copyOf(keyring.shares().keySet()),
                    rotation,
                    time(files, KeyringFiles.made(newest)),
                    completed(files, keyring.primary()));
        } catch (InvalidKeyring e) {
            throw new Unreadable(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Parses what the keyring Secret says about the bucket.
     *
     * @param data base64 values by key, as in the API
     */
    public static Binding binding(Map<String, String> data) throws Unreadable {
        try {
            return KeyringFiles.parse(decode(data)).binding();
        } catch (InvalidKeyring e) {
            throw new Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable CompletedRotation completed(Map<String, byte[]> files, int primary) throws Unreadable {
        Instant started = time(files, KeyringFiles.made(primary));
        Instant completed = time(files, KeyringFiles.completed(primary));
        return started == null || completed == null ? null : new CompletedRotation(started, completed);
    }

    /**
     * Parses the data of the Secret of retired shares.
     *
     * @param data base64 values by key, as in the API
     * @return the time at which each share was retired
     */
    public static Map<Integer, Instant> retired(Map<String, String> data) throws Unreadable {
        Map<String, byte[]> files = decode(data);
        Map<Integer, Instant> retired = new TreeMap<>();
        for (String key : files.keySet()) {
            OptionalInt share = KeyringFiles.shareNumber(key);
            if (share.isEmpty()) continue;
            Instant since = time(files, KeyringFiles.retired(share.getAsInt()));
            if (since == null)
                throw new Unreadable("The Secret of retired shares does not say when " + key
                        + " was retired; restore the Secret from its backup.");
            retired.put(share.getAsInt(), since);
        }
        return retired;
    }

    private static @Nullable Instant time(Map<String, byte[]> files, String key) throws Unreadable {
        byte[] content = files.get(key);
        if (content == null) return null;
        try {
            return Instant.parse(KeyringFiles.text(content));
        } catch (DateTimeException e) {
            throw new Unreadable("The key " + key + " is not a time; write one like 2026-01-31T12:00:00Z.");
        }
    }

    private static Map<String, byte[]> decode(Map<String, String> data) throws Unreadable {
        Map<String, byte[]> files = new TreeMap<>();
        for (Map.Entry<String, String> entry : data.entrySet()) {
            try {
                files.put(entry.getKey(), Base64.getDecoder().decode(entry.getValue()));
            } catch (IllegalArgumentException e) {
                throw new Unreadable("The key " + entry.getKey() + " of the keyring is not base64.");
            }
        }
        return files;
    }
}
