package dev.lunasec.contract;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The public key of the receipts of one share, and when it signed. It is published for good: the operator writes it
 * into the keyring when the share leaves it, under {@link #file}. Times are RFC 3339 in UTC with whole seconds.
 *
 * @param x the public key, 32 bytes in base64url as a JWK has it
 * @param from when the share was made; null if the keyring does not say
 * @param until when the share left the keyring; null while it is live
 * @param compromised whether an unauthorised person may know the share, so that a receipt with this key proves nothing
 */
public record ReceiptEra(
        String x, @Nullable String from, @Nullable String until, boolean compromised) {
    private static final String FILE = "receipt-";
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** The name of the file with the era of a share that is no longer in the keyring. */
    public static String file(int share) {
        return FILE + share;
    }

    private static OptionalInt number(String file) {
        if (!file.startsWith(FILE)) return OptionalInt.empty();
        Matcher number = NUMBER.matcher(file.substring(FILE.length()));
        return number.matches() ? OptionalInt.of(Integer.parseInt(number.group())) : OptionalInt.empty();
    }

    /** The era of a share that is live. */
    public static ReceiptEra live(byte[] share, @Nullable String from) {
        return new ReceiptEra(BASE64.encodeToString(ReceiptSigningKey.publicKey(share)), from, null, false);
    }

    /**
     * The eras of all shares that a keyring holds or once held, by number.
     *
     * @param files content by name, as {@link KeyringFiles#parse} takes them
     * @throws InvalidKeyring naming the file that is wrong
     */
    public static NavigableMap<Integer, ReceiptEra> all(Map<String, byte[]> files) throws InvalidKeyring {
        NavigableMap<Integer, ReceiptEra> eras = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            OptionalInt share = number(file.getKey());
            if (share.isEmpty()) continue;
            eras.put(
                    share.getAsInt(),
                    read(file.getValue())
                            .orElseThrow(() -> new InvalidKeyring("The key " + file.getKey()
                                    + " of the keyring is not the public key of receipts; restore it.")));
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            OptionalInt share = KeyringFiles.shareNumber(file.getKey());
            if (share.isPresent()) eras.put(share.getAsInt(), live(file.getValue(), made(files, share.getAsInt())));
        }
        return eras;
    }

    /** The content of the file. */
    public byte[] write() {
        return StrictJson.write(this);
    }

    /** Reads the content of the file; empty if it is not valid. */
    public static Optional<ReceiptEra> read(byte[] content) {
        return StrictJson.read(content, ReceiptEra.class).filter(ReceiptEra::isWhole);
    }

    private boolean isWhole() {
        return x != null
                && KEY.matcher(x).matches()
                && until != null
                && TIME.matcher(until).matches()
                && (from == null || TIME.matcher(from).matches());
    }

    private static @Nullable String made(Map<String, byte[]> files, int share) {
        byte[] made = files.get(KeyringFiles.made(share));
        String text = made == null ? "" : new String(made, StandardCharsets.UTF_8).strip();
        return TIME.matcher(text).matches() ? text : null;
    }
}
