package dev.lunasec.operator.keyring;

import static dev.lunasec.contract.KeyringFiles.CLUSTER;
import static dev.lunasec.contract.KeyringFiles.DELETING;
import static dev.lunasec.contract.KeyringFiles.KEY_BYTES;
import static dev.lunasec.contract.KeyringFiles.LOCATION;
import static dev.lunasec.contract.KeyringFiles.LOOKUP;
import static dev.lunasec.contract.KeyringFiles.LOOKUP_CHECK;
import static dev.lunasec.contract.KeyringFiles.PRIMARY;
import static dev.lunasec.contract.KeyringFiles.ROTATION;
import static dev.lunasec.contract.KeyringFiles.UNBOUND;
import static dev.lunasec.contract.KeyringFiles.completed;
import static dev.lunasec.contract.KeyringFiles.made;
import static dev.lunasec.contract.KeyringFiles.retired;
import static dev.lunasec.contract.KeyringFiles.share;

import dev.lunasec.contract.BucketLocation;
import dev.lunasec.contract.LookupCheck;
import dev.lunasec.contract.ReceiptEra;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The data of the two Secrets with shares (the keyring, and the Secret of retired shares) and the changes that a
 * rotation makes to it. Values are in base64, as in the API. A change is a merge patch: it holds the keys that change,
 * and null for a key to remove.
 */
public final class KeyringChanges {
    /** The number of the share with which a vault begins. */
    public static final int FIRST_SHARE = 1;

    private KeyringChanges() {}

    /**
     * Generates a keyring that holds {@link #FIRST_SHARE} and pins no bucket yet.
     *
     * @param rotation the value of {@code spec.keys.rotation}
     */
    public static Map<String, String> generate(int rotation, Instant now, SecureRandom random) {
        byte[] lookup = random(random);
        Map<String, String> data = new TreeMap<>(addShare(FIRST_SHARE, rotation, now, random));
        data.put(LOOKUP, base64(lookup));
        data.put(LOOKUP_CHECK, base64(LookupCheck.of(lookup)));
        data.put(PRIMARY, base64(Integer.toString(FIRST_SHARE)));
        data.put(LOCATION, base64(UNBOUND));
        return data;
    }

    /** Pins the bucket of the vault, and the cluster whose Tokenizer owns it. */
    public static Map<String, String> bind(BucketLocation location, String cluster) {
        return Map.of(LOCATION, base64(location.write()), CLUSTER, base64(cluster));
    }

    /** Says that the operator deletes the bucket of the vault from now on. */
    public static Map<String, String> beginDeletion(Instant now) {
        return Map.of(DELETING, base64(now));
    }

    /** Says that the operator no longer deletes the bucket of the vault. */
    public static Map<String, @Nullable String> forgetDeletion() {
        Map<String, @Nullable String> change = new TreeMap<>();
        change.put(DELETING, null);
        return change;
    }

    /**
     * Adds a share to the keyring. New records do not use it before {@link #makePrimary}.
     *
     * @param rotation the value of {@code spec.keys.rotation}
     */
    public static Map<String, String> addShare(int share, int rotation, Instant now, SecureRandom random) {
        return Map.of(
                share(share),
                base64(random(random)),
                ROTATION,
                base64(Integer.toString(rotation)),
                made(share),
                base64(now));
    }

    /** Makes a share the one that new records use. */
    public static Map<String, String> makePrimary(int share) {
        return Map.of(PRIMARY, base64(Integer.toString(share)));
    }

    /**
     * Copies a share to the Secret of retired shares.
     *
     * @param data of the keyring, which holds the share
     * @param now the time from which the grace period of the share counts
     */
    public static Map<String, String> retire(Map<String, String> data, int share, Instant now) {
        return Map.of(share(share), Objects.requireNonNull(data.get(share(share))), retired(share), base64(now));
    }

    /**
     * Removes a share from the keyring, and leaves the public key of its receipts. If only the primary share is left,
     * this also records the rotation as completed.
     *
     * @param data of the keyring, which holds the share
     * @param compromised whether an unauthorised person may know the share
     */
    public static Map<String, @Nullable String> removeShare(
            Map<String, String> data, int share, boolean compromised, KeyringIndex keyring, Instant now) {
        Map<String, @Nullable String> change = removeRetired(share);
        change.put(
                ReceiptEra.file(share),
                base64(receipts(data, share, compromised, now).write()));
        change.put(made(share), null);
        change.put(completed(share), null);
        if (keyring.shares().size() == 2) change.put(completed(keyring.primary()), base64(now));
        return change;
    }

    /**
     * Restores a retired share to the keyring.
     *
     * @param data of the Secret of retired shares, which holds the share
     */
    public static Map<String, String> restoreShare(Map<String, String> data, int share) {
        return Map.of(share(share), Objects.requireNonNull(data.get(share(share))));
    }

    /** Removes a share from the Secret of retired shares. If the keyring does not hold it, this destroys it. */
    public static Map<String, @Nullable String> removeRetired(int share) {
        Map<String, @Nullable String> change = new TreeMap<>();
        change.put(share(share), null);
        change.put(retired(share), null);
        return change;
    }

    /**
     * Marks the public receipt keys of shares as compromised. The key of a share that the keyring still holds gets the
     * mark when the share leaves.
     *
     * @param data of the keyring
     * @return empty if all of them have the mark
     */
    public static Map<String, String> compromise(Map<String, String> data, Collection<Integer> shares) {
        Map<String, String> change = new TreeMap<>();
        for (int share : shares) {
            String file = ReceiptEra.file(share);
            String era = data.get(file);
            if (era == null) continue;
            ReceiptEra.read(Base64.getDecoder().decode(era))
                    .filter(key -> !key.compromised())
                    .ifPresent(key ->
                            change.put(file, base64(new ReceiptEra(key.x(), key.from(), key.until(), true).write())));
        }
        return change;
    }

    private static ReceiptEra receipts(Map<String, String> data, int share, boolean compromised, Instant now) {
        byte[] key = Base64.getDecoder().decode(Objects.requireNonNull(data.get(share(share))));
        String made = data.get(made(share));
        String from = made == null ? null : text(made);
        return new ReceiptEra(
                ReceiptEra.live(key, from).x(),
                from,
                now.truncatedTo(ChronoUnit.SECONDS).toString(),
                compromised);
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII).strip();
    }

    private static byte[] random(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String base64(Instant time) {
        return base64(time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
