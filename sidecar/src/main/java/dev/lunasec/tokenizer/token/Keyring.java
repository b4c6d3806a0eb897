package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.utf8;

import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.KeyringAnnouncement;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The service's side of every key: the lookup key, which makes names from tokens for the life of the vault, and one or more
 * shares, of which the primary one seals new records.
 */
public final class Keyring {
    private static final Pattern SHARE = Pattern.compile("share-([1-9][0-9]{0,8})");
    private static final byte[] RECORD_LABEL = utf8("lunasec.dev/record/v1");
    private static final byte[] OBJECT_LABEL = utf8("lunasec.dev/object/v1");
    private static final byte[] SESSION_LABEL = utf8("lunasec.dev/session/v1");
    private static final byte[] CHECK_LABEL = utf8("lunasec.dev/lookup-check/v1");
    private static final byte[] RECEIPT_LABEL = utf8("lunasec.dev/receipt/v1");
    private static final int NAME_BYTES = 16;

    private final byte[] lookup;
    private final NavigableMap<Integer, byte[]> shares;
    private final int primary;

    private Keyring(byte[] lookup, NavigableMap<Integer, byte[]> shares, int primary) {
        this.lookup = lookup;
        this.shares = shares;
        this.primary = primary;
    }

    /**
     * Reads the files of the keyring Secret.
     *
     * @param files {@code lookup} (32 bytes), {@code share-<n>} (32 bytes each, n from 1), {@code primary} (an n in digits), and perhaps
     *     {@code lookup-check}, by which a changed lookup key is noticed; others are passed over
     * @throws InvalidSettings naming the file that is missing or wrong, without its content
     */
    public static Keyring of(Map<String, byte[]> files) {
        NavigableMap<Integer, byte[]> shares = new TreeMap<>();
        files.forEach((name, content) -> {
            Matcher share = SHARE.matcher(name);
            if (share.matches()) shares.put(Integer.valueOf(share.group(1)), key(files, name));
        });
        byte[] primaryFile = files.get("primary");
        if (primaryFile == null)
            throw new InvalidSettings("The keyring has no file primary; restore the keyring Secret.");
        Matcher primary = SHARE.matcher("share-" + new String(primaryFile, StandardCharsets.UTF_8).strip());
        if (!primary.matches() || !shares.containsKey(Integer.valueOf(primary.group(1)))) {
            throw new InvalidSettings(
                    "The keyring's file primary names no share that is there; restore the keyring Secret.");
        }
        Keyring keyring = new Keyring(key(files, "lookup"), shares, Integer.parseInt(primary.group(1)));
        keyring.check(files.get("lookup-check"));
        return keyring;
    }

    private static byte[] key(Map<String, byte[]> files, String name) {
        byte[] content = files.get(name);
        if (content == null || content.length != Crypto.KEY) {
            throw new InvalidSettings("The keyring's file " + name + " is "
                    + (content == null ? "missing" : content.length + " bytes long")
                    + "; it must be 32 bytes: restore the keyring Secret.");
        }
        return content.clone();
    }

    /** Under another lookup key every token would be unknown, as if there were no records. */
    private void check(byte @Nullable [] lookupCheck) {
        if (lookupCheck == null) return;
        String seen = new String(lookupCheck, StandardCharsets.UTF_8).strip();
        if (seen.equals(name(CHECK_LABEL, new byte[0]))) return;
        throw new InvalidSettings(
                "The keyring's file lookup was changed, as its file lookup-check tells: the lookup key makes"
                        + " the names of all records and can't be rotated, so restore the keyring Secret.");
    }

    /** Which shares it has, as others are told. */
    public KeyringAnnouncement announcement() {
        return new KeyringAnnouncement(primary, List.copyOf(shares.keySet()));
    }

    /** The share that new records are sealed with. */
    public int primary() {
        return primary;
    }

    /** The numbers of the other shares that are still live, the newest first. */
    public int[] older() {
        return shares.descendingKeySet().stream()
                .filter(n -> n != primary)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The record of a token. */
    public RecordId recordId(Token token) {
        return new RecordId(name(RECORD_LABEL, token.bytes()));
    }

    /** The data object of a token. */
    public ObjectName objectName(Token token) {
        return new ObjectName(name(OBJECT_LABEL, token.bytes()));
    }

    /**
     * What stands for a session wherever it is stored: 32 hex digits that lead back to the session for nobody.
     *
     * @param issuer who says that there is this session; another's session of the same name is another one
     */
    public String pseudonym(String issuer, String session) {
        return name(SESSION_LABEL, Crypto.canonical(utf8(issuer), utf8(session)));
    }

    /** Signs receipts. It is made from the lookup key: so it lives as long as the vault, and there is no secret more to keep. */
    public ReceiptKey receiptKey() {
        // RFC 5869: no salt is as good as one of zeros.
        return new ReceiptKey(Crypto.hkdf(lookup, new byte[Crypto.KEY], RECEIPT_LABEL, Crypto.KEY));
    }

    private String name(byte[] label, byte[] what) {
        return HexFormat.of().formatHex(Arrays.copyOf(Crypto.hmac(lookup, label, what), NAME_BYTES));
    }

    /** @throws UnreadableRecord when the share is not in this keyring */
    byte[] share(int number) {
        byte[] share = shares.get(number);
        if (share == null)
            throw new UnreadableRecord("it is sealed with share " + number + ", which the keyring doesn't hold");
        return share;
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "Keyring[primary " + primary + ", shares " + shares.keySet() + "]";
    }
}
