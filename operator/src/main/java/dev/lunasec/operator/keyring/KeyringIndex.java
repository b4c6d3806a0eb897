package dev.lunasec.operator.keyring;

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
 * Which shares there are, never the shares themselves.
 *
 * @param primary the share that new records use
 * @param shares all numbers, ascending
 * @param rotation the number of {@code spec.keys.rotation} that the newest share was made for
 * @param made when the newest share was made; null where the Secret does not say
 * @param last the rotation to the primary share; null before it is complete
 */
public record KeyringIndex(
        int primary,
        List<Integer> shares,
        int rotation,
        @Nullable Instant made,
        @Nullable Completed last) {
    /** A rotation that went all the way: from when its share was made to when no older one was left in the keyring. */
    public record Completed(Instant began, Instant ended) {}

    /** The keyring Secret cannot be used; the message says what is wrong with it, without its content. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    /** The highest number. */
    public int newest() {
        return shares.get(shares.size() - 1);
    }

    /** The numbers of the shares that are live besides the primary and not newer, ascending. */
    public List<Integer> older() {
        return shares.stream().filter(share -> share < primary).toList();
    }

    /** The numbers alone, for the pods: one that runs with less is to be replaced. */
    public KeyringAnnouncement announcement() {
        return new KeyringAnnouncement(primary, shares);
    }

    /**
     * Reads the data of the Secret.
     *
     * @param data as the API gives it: base64
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

    private static @Nullable Completed completed(Map<String, byte[]> files, int primary) throws Unreadable {
        Instant began = time(files, KeyringFiles.made(primary));
        Instant ended = time(files, KeyringFiles.completed(primary));
        return began == null || ended == null ? null : new Completed(began, ended);
    }

    /**
     * Since when each share of the Secret of retired ones is in it.
     *
     * @param data as the API gives it: base64
     */
    public static Map<Integer, Instant> retired(Map<String, String> data) throws Unreadable {
        Map<String, byte[]> files = decode(data);
        Map<Integer, Instant> retired = new TreeMap<>();
        for (String key : files.keySet()) {
            OptionalInt share = KeyringFiles.shareNumber(key);
            if (share.isEmpty()) continue;
            Instant since = time(files, KeyringFiles.retired(share.getAsInt()));
            if (since == null)
                throw new Unreadable("The Secret of retired shares does not say since when " + key + " is retired.");
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
            throw new Unreadable("The key " + key + " of the keyring is not a time.");
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
