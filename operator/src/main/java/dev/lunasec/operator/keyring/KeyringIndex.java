package dev.lunasec.operator.keyring;

import dev.lunasec.contract.KeyringAnnouncement;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern SHARE = Pattern.compile("share-([1-9][0-9]{0,8})");

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
        if (decode(data, KeyringData.LOOKUP).length != KeyringData.BYTES)
            throw new Unreadable("The key lookup of the keyring is not 32 bytes long.");
        String check = data.get(KeyringData.LOOKUP_CHECK);
        if (check != null && !check.equals(KeyringData.lookupCheck(decode(data, KeyringData.LOOKUP)))) {
            throw new Unreadable("The lookup key of the keyring was changed; it makes the names of all records, so it"
                    + " can't be rotated.");
        }
        TreeSet<Integer> shares = new TreeSet<>();
        for (String key : data.keySet()) {
            Matcher share = SHARE.matcher(key);
            if (!share.matches()) continue;
            if (decode(data, key).length != KeyringData.BYTES)
                throw new Unreadable("The key " + key + " of the keyring is not 32 bytes long.");
            shares.add(Integer.valueOf(share.group(1)));
        }
        int primary = number(data, KeyringData.PRIMARY);
        if (!shares.contains(primary)) {
            throw new Unreadable("The keyring says that share " + primary + " is primary, but does not hold it.");
        }
        int rotation = data.containsKey(KeyringData.ROTATION) ? number(data, KeyringData.ROTATION) : shares.getLast();
        return new KeyringIndex(
                primary,
                List.copyOf(shares),
                rotation,
                time(data, KeyringData.made(shares.getLast())),
                completed(data, primary));
    }

    private static @Nullable Completed completed(Map<String, String> data, int primary) throws Unreadable {
        Instant began = time(data, KeyringData.made(primary));
        Instant ended = time(data, KeyringData.completed(primary));
        return began == null || ended == null ? null : new Completed(began, ended);
    }

    /**
     * Since when each share of the Secret of retired ones is in it.
     *
     * @param data as the API gives it: base64
     */
    public static Map<Integer, Instant> retired(Map<String, String> data) throws Unreadable {
        Map<Integer, Instant> retired = new TreeMap<>();
        for (String key : new ArrayList<>(data.keySet())) {
            Matcher share = SHARE.matcher(key);
            if (!share.matches()) continue;
            int number = Integer.parseInt(share.group(1));
            Instant since = time(data, KeyringData.retired(number));
            if (since == null)
                throw new Unreadable("The Secret of retired shares does not say since when " + key + " is.");
            retired.put(number, since);
        }
        return retired;
    }

    private static int number(Map<String, String> data, String key) throws Unreadable {
        String text = text(data, key);
        if (!text.matches("[1-9][0-9]{0,8}"))
            throw new Unreadable("The key " + key + " of the keyring is not a number.");
        return Integer.parseInt(text);
    }

    private static @Nullable Instant time(Map<String, String> data, String key) throws Unreadable {
        if (!data.containsKey(key)) return null;
        try {
            return Instant.parse(text(data, key));
        } catch (DateTimeException e) {
            throw new Unreadable("The key " + key + " of the keyring is not a time.");
        }
    }

    private static String text(Map<String, String> data, String key) throws Unreadable {
        return new String(decode(data, key), StandardCharsets.US_ASCII).strip();
    }

    private static byte[] decode(Map<String, String> data, String key) throws Unreadable {
        String value = data.get(key);
        if (value == null) throw new Unreadable("The keyring has no key " + key + ".");
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw new Unreadable("The key " + key + " of the keyring is not base64.");
        }
    }
}
