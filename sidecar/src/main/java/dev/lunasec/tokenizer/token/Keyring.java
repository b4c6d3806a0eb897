package dev.lunasec.tokenizer.token;

import static dev.lunasec.tokenizer.token.Crypto.utf8;

import dev.lunasec.contract.InvalidKeyring;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.KeyringAnnouncement;
import dev.lunasec.contract.KeyringFiles;
import dev.lunasec.contract.ReceiptEra;
import dev.lunasec.contract.ReceiptSigningKey;
import dev.lunasec.contract.VaultId;
import dev.lunasec.runtime.HmacSha256;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.IntStream;

/**
 * The service's side of every key: the lookup key, which makes names from tokens for the life of the vault, and one or
 * more shares, of which the primary one seals new records.
 */
public final class Keyring {
    private static final byte[] RECORD_LABEL = utf8("lunasec.dev/record/v1");
    private static final byte[] OBJECT_LABEL = utf8("lunasec.dev/object/v1");
    private static final byte[] SESSION_LABEL = utf8("lunasec.dev/session/v1");
    private static final byte[] FRAME_LABEL = utf8("lunasec.dev/frame/v1");
    private static final int NAME_BYTES = 16;

    private final HmacSha256 lookup;
    private final VaultId vaultId;
    private final NavigableMap<Integer, byte[]> shares;
    private final int primary;
    private final NavigableMap<Integer, ReceiptEra> receipts;

    private Keyring(
            byte[] lookup,
            NavigableMap<Integer, byte[]> shares,
            int primary,
            NavigableMap<Integer, ReceiptEra> receipts) {
        this.lookup = new HmacSha256(lookup);
        this.vaultId = VaultId.of(lookup);
        this.shares = shares;
        this.primary = primary;
        this.receipts = receipts;
    }

    /**
     * Reads the files of the keyring Secret.
     *
     * @param files as {@link KeyringFiles} describes them
     * @throws InvalidSettings naming the file that is missing or wrong, without its content
     */
    public static Keyring of(Map<String, byte[]> files) {
        return of(parse(files));
    }

    /** The keys of parsed files. */
    public static Keyring of(KeyringFiles keyring) {
        return new Keyring(keyring.lookup(), keyring.shares(), keyring.primary(), keyring.receipts());
    }

    /**
     * Parses the files of the keyring Secret.
     *
     * @throws InvalidSettings naming the file that is missing or wrong, without its content
     */
    public static KeyringFiles parse(Map<String, byte[]> files) {
        try {
            return KeyringFiles.parse(files);
        } catch (InvalidKeyring e) {
            throw new InvalidSettings("The keyring can't be used; restore the keyring Secret. " + e.getMessage(), e);
        }
    }

    /** The numbers of its shares, as the operator and the pods compare them. */
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
     * The pseudonym that represents a session wherever it is stored: 32 hex digits from which nobody can compute the
     * session.
     *
     * @param issuer the issuer of the session; sessions of two issuers with the same name have two pseudonyms
     */
    public String pseudonym(String issuer, String session) {
        return name(SESSION_LABEL, Crypto.canonical(utf8(issuer), utf8(session)));
    }

    /** The id of the vault. */
    public VaultId vaultId() {
        return vaultId;
    }

    /** The numbers of all shares, ascending. */
    public List<Integer> live() {
        return List.copyOf(shares.keySet());
    }

    /** Signs receipts. It is made from the primary share, so it is replaced and destroyed with it. */
    public ReceiptKey receiptKey() {
        return new ReceiptKey(ReceiptSigningKey.seed(share(primary)));
    }

    /**
     * The keys of the codes and access tokens of frames: that of the primary share, which signs them, and those of the
     * older shares, which check what was signed before a rotation. They are made from the shares and not from the
     * lookup key, so a rotation replaces a key that somebody copied.
     */
    public List<byte[]> frameKeys() {
        return IntStream.concat(IntStream.of(primary), Arrays.stream(older()))
                .mapToObj(n -> Crypto.hkdf(share(n), new byte[Crypto.KEY], FRAME_LABEL, Crypto.KEY))
                .toList();
    }

    /** The public keys of the receipts of all shares that this vault ever had, for all who check receipts. */
    public String receiptKeys() {
        return ReceiptKeySet.json(vaultId, receipts.values());
    }

    /** HMAC-SHA-256 under the lookup key. */
    byte[] mac(byte[] label, byte[] what) {
        return lookup.of(label, what);
    }

    private String name(byte[] label, byte[] what) {
        return HexFormat.of().formatHex(Arrays.copyOf(mac(label, what), NAME_BYTES));
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
