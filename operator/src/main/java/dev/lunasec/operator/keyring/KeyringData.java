package dev.lunasec.operator.keyring;

import static dev.lunasec.contract.KeyringFiles.KEY_BYTES;
import static dev.lunasec.contract.KeyringFiles.LOOKUP;
import static dev.lunasec.contract.KeyringFiles.LOOKUP_CHECK;
import static dev.lunasec.contract.KeyringFiles.PRIMARY;
import static dev.lunasec.contract.KeyringFiles.ROTATION;
import static dev.lunasec.contract.KeyringFiles.completed;
import static dev.lunasec.contract.KeyringFiles.lookupCheck;
import static dev.lunasec.contract.KeyringFiles.made;
import static dev.lunasec.contract.KeyringFiles.retired;
import static dev.lunasec.contract.KeyringFiles.share;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The data of the two Secrets with shares, and the changes that a rotation makes to it. Data is as the API gives it, in base64; a change
 * holds only what differs, with null for what goes.
 */
public final class KeyringData {
    private KeyringData() {}

    /** A new keyring, with share 1. */
    public static Map<String, String> generate(int rotation, Instant now, SecureRandom random) {
        byte[] lookup = random(random);
        Map<String, String> data = new TreeMap<>(withShare(1, rotation, now, random));
        data.put(LOOKUP, base64(lookup));
        data.put(LOOKUP_CHECK, base64(lookupCheck(lookup)));
        data.put(PRIMARY, base64("1"));
        return data;
    }

    /** Adds a share, which no record uses yet. */
    public static Map<String, String> withShare(int share, int rotation, Instant now, SecureRandom random) {
        return Map.of(
                share(share),
                base64(random(random)),
                ROTATION,
                base64(Integer.toString(rotation)),
                made(share),
                base64(now));
    }

    /** Makes a share the one that new records use. */
    public static Map<String, String> withPrimary(int share) {
        return Map.of(PRIMARY, base64(Integer.toString(share)));
    }

    /**
     * What the Secret of retired shares gets.
     *
     * @param data of the keyring
     */
    public static Map<String, String> retire(Map<String, String> data, int share, Instant now) {
        return Map.of(share(share), Objects.requireNonNull(data.get(share(share))), retired(share), base64(now));
    }

    /** Takes a share out of the keyring; when it was the last one besides the primary, the rotation to that is complete. */
    public static Map<String, @Nullable String> without(int share, KeyringIndex keyring, Instant now) {
        Map<String, @Nullable String> change = gone(share);
        change.put(made(share), null);
        change.put(completed(share), null);
        if (keyring.shares().size() == 2) change.put(completed(keyring.primary()), base64(now));
        return change;
    }

    /**
     * Puts a retired share back into the keyring.
     *
     * @param data of the Secret of retired shares
     */
    public static Map<String, String> bringBack(Map<String, String> data, int share) {
        return Map.of(share(share), Objects.requireNonNull(data.get(share(share))));
    }

    /** Takes a share out of the Secret of retired ones: there it is gone for good. */
    public static Map<String, @Nullable String> gone(int share) {
        Map<String, @Nullable String> change = new TreeMap<>();
        change.put(share(share), null);
        change.put(retired(share), null);
        return change;
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
        return base64(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
