package dev.lunasec.operator.keyring;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which shares there are, never the shares themselves.
 *
 * @param primary the share that new records use
 * @param shares all numbers, ascending
 */
public record Keyring(int primary, List<Integer> shares) {
    private static final int BYTES = 32;
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

    /** The numbers alone, for the pods' annotation: a pod with other numbers is to be replaced. */
    public String announcement() {
        return "primary=" + primary + " shares="
                + String.join(",", shares.stream().map(String::valueOf).toList());
    }

    /**
     * Reads the data of the Secret.
     *
     * @param data as the API gives it: base64
     */
    public static Keyring read(Map<String, String> data) throws Unreadable {
        if (decode(data, "lookup").length != BYTES)
            throw new Unreadable("The key lookup of the keyring is not 32 bytes long.");
        TreeSet<Integer> shares = new TreeSet<>();
        for (String key : data.keySet()) {
            Matcher share = SHARE.matcher(key);
            if (!share.matches()) continue;
            if (decode(data, key).length != BYTES)
                throw new Unreadable("The key " + key + " of the keyring is not 32 bytes long.");
            shares.add(Integer.valueOf(share.group(1)));
        }
        int primary = primary(data);
        if (!shares.contains(primary)) {
            throw new Unreadable("The keyring says that share " + primary + " is primary, but does not hold it.");
        }
        return new Keyring(primary, List.copyOf(shares));
    }

    /** The data of a new keyring with one share. */
    public static Map<String, String> generate(int share, SecureRandom random) {
        Map<String, String> data = new TreeMap<>();
        for (String key : List.of("lookup", "share-" + share)) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            data.put(key, Base64.getEncoder().encodeToString(bytes));
        }
        data.put("primary", Base64.getEncoder().encodeToString(ascii(Integer.toString(share))));
        return data;
    }

    private static int primary(Map<String, String> data) throws Unreadable {
        String text = new String(decode(data, "primary"), StandardCharsets.US_ASCII).strip();
        if (!text.matches("[1-9][0-9]{0,8}")) throw new Unreadable("The key primary of the keyring is not a number.");
        return Integer.parseInt(text);
    }

    private static byte[] decode(Map<String, String> data, String key) throws Unreadable {
        String value = data.get(key);
        if (value == null) throw new Unreadable("The keyring has no key " + key + ".");
        return Base64.getDecoder().decode(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
