package dev.lunasec.contract;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keyring as its Secret holds it: the names of the keys, which pods see as files, their format, and the check that
 * notices a changed lookup key. The operator writes the Secret; the tokenizer and its maintenance commands read the
 * mounted files.
 *
 * <p>{@code lookup} and every {@code share-<n>} are 32 bytes; {@code primary} and {@code rotation} are numbers in
 * digits; {@code lookup-check} is 32 hex digits; {@code made-<n>}, {@code completed-<n>} and {@code retired-<n>} are
 * times in ISO 8601; {@code location}, {@code owner-cluster} and {@code receipt-<n>} are described in docs/records.md.
 * The tokenizer ignores {@code rotation}, {@code completed-<n>}, {@code retired-<n>} and {@code deleting}.
 */
public final class KeyringFiles {
    /** The lookup key, which makes the names of all records and objects. It never changes. */
    public static final String LOOKUP = "lookup";

    /** {@link LookupCheck} of the lookup key; a keyring without it is not checked. */
    public static final String LOOKUP_CHECK = "lookup-check";

    /** The number of the share that new records use. */
    public static final String PRIMARY = "primary";

    /** The number of {@code spec.keys.rotation} that the newest share was made for. */
    public static final String ROTATION = "rotation";

    /** Where the bucket of the vault is: {@value #UNBOUND}, or a {@link BucketLocation}. */
    public static final String LOCATION = "location";

    /** The cluster that the bucket was bound in; the operator writes it together with {@value #LOCATION}. */
    public static final String CLUSTER = "owner-cluster";

    /** The content of {@value #LOCATION} in a new keyring. */
    public static final String UNBOUND = "unbound";

    /** The keyring has this key, with any content, while the operator deletes the bucket of the vault. */
    public static final String DELETING = "deleting";

    /** The length of the lookup key and of each share, in bytes. */
    public static final int KEY_BYTES = 32;

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final String SHARE = "share-";

    private final byte[] lookup;
    private final NavigableMap<Integer, byte[]> shares;
    private final int primary;
    private final Binding binding;
    private final NavigableMap<Integer, ReceiptEra> receipts;

    private KeyringFiles(
            byte[] lookup,
            NavigableMap<Integer, byte[]> shares,
            int primary,
            Binding binding,
            NavigableMap<Integer, ReceiptEra> receipts) {
        this.lookup = lookup;
        this.shares = Collections.unmodifiableNavigableMap(shares);
        this.primary = primary;
        this.binding = binding;
        this.receipts = Collections.unmodifiableNavigableMap(receipts);
    }

    /** The name of the file that holds a share. */
    public static String share(int number) {
        return SHARE + number;
    }

    /** The name of the file with the time at which a share was made. */
    public static String made(int share) {
        return "made-" + share;
    }

    /** The name of the file with the time at which the rotation to a share was complete. */
    public static String completed(int share) {
        return "completed-" + share;
    }

    /** The name of the file with the time at which a share was retired; only the Secret of retired shares has it. */
    public static String retired(int share) {
        return "retired-" + share;
    }

    /** The number of the share that a file holds; empty for a file that holds no share. */
    public static OptionalInt shareNumber(String name) {
        if (!name.startsWith(SHARE)) return OptionalInt.empty();
        Matcher number = NUMBER.matcher(name.substring(SHARE.length()));
        return number.matches() ? OptionalInt.of(Integer.parseInt(number.group())) : OptionalInt.empty();
    }

    /**
     * Parses the files that a tokenizer needs, and ignores all others.
     *
     * @param files content by name
     * @throws InvalidKeyring when a file is missing or wrong, or when the lookup key was changed: under another lookup
     *     key every token would be unknown, as if there were no records
     */
    public static KeyringFiles parse(Map<String, byte[]> files) throws InvalidKeyring {
        byte[] lookup = key(files, LOOKUP);
        byte[] check = files.get(LOOKUP_CHECK);
        if (check != null && !text(check).equals(LookupCheck.of(lookup))) {
            throw new InvalidKeyring("The keyring's key lookup was changed; it makes the names of all records, so it"
                    + " can't be rotated.");
        }
        NavigableMap<Integer, byte[]> shares = new TreeMap<>();
        for (String name : files.keySet()) {
            OptionalInt share = shareNumber(name);
            if (share.isPresent()) shares.put(share.getAsInt(), key(files, name));
        }
        int primary = number(files, PRIMARY);
        if (!shares.containsKey(primary)) {
            throw new InvalidKeyring("The keyring says that share " + primary + " is primary, but does not hold it.");
        }
        return new KeyringFiles(lookup, shares, primary, Binding.read(files), ReceiptEra.all(files));
    }

    /**
     * Reads a file that holds a number.
     *
     * @return 1 to {@value KeyringAnnouncement#HIGHEST}
     */
    public static int number(Map<String, byte[]> files, String name) throws InvalidKeyring {
        String text = text(present(files, name));
        if (!NUMBER.matcher(text).matches()) {
            throw new InvalidKeyring("The key " + name + " of the keyring is not a number.");
        }
        return Integer.parseInt(text);
    }

    /** The text of a file, without white space around it. */
    public static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8).strip();
    }

    private static byte[] key(Map<String, byte[]> files, String name) throws InvalidKeyring {
        byte[] content = present(files, name);
        if (content.length == KEY_BYTES) return content.clone();
        throw new InvalidKeyring("The key " + name + " of the keyring is not " + KEY_BYTES + " bytes long.");
    }

    private static byte[] present(Map<String, byte[]> files, String name) throws InvalidKeyring {
        byte @Nullable [] content = files.get(name);
        if (content == null) throw new InvalidKeyring("The keyring has no key " + name + ".");
        return content;
    }

    /** The lookup key; a secret. */
    public byte[] lookup() {
        return lookup.clone();
    }

    /** The shares by number, ascending; secrets. */
    public NavigableMap<Integer, byte[]> shares() {
        return shares;
    }

    /** The number of the share that new records use; the keyring holds it. */
    public int primary() {
        return primary;
    }

    /** The id of the vault. */
    public VaultId vaultId() {
        return VaultId.of(lookup);
    }

    /** The bucket of the vault. */
    public Binding binding() {
        return binding;
    }

    /** The public keys of receipts by share, of all shares that the keyring holds or once held. */
    public NavigableMap<Integer, ReceiptEra> receipts() {
        return receipts;
    }

    /** The numbers of the shares, which are no secret. */
    public KeyringAnnouncement announcement() {
        return new KeyringAnnouncement(primary, List.copyOf(shares.keySet()));
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "KeyringFiles[" + announcement() + "]";
    }
}
