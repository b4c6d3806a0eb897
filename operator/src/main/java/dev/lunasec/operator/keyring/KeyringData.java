package dev.lunasec.operator.keyring;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The data of the two Secrets with shares, and the changes that a rotation makes to it. Data is as the API gives it, in base64; a change
 * holds only what differs, with null for what goes.
 */
public final class KeyringData {
    static final int BYTES = 32;
    static final String LOOKUP = "lookup";
    static final String LOOKUP_CHECK = "lookup-check";
    static final String PRIMARY = "primary";
    static final String ROTATION = "rotation";

    private static final String CHECK_LABEL = "lunasec.dev/lookup-check/v1";
    private static final int CHECK_BYTES = 16;

    private KeyringData() {}

    static String share(int share) {
        return "share-" + share;
    }

    static String made(int share) {
        return "made-" + share;
    }

    static String completed(int share) {
        return "completed-" + share;
    }

    static String retired(int share) {
        return "retired-" + share;
    }

    /** A new keyring, with share 1. */
    public static Map<String, String> generate(int rotation, Instant now, SecureRandom random) {
        byte[] lookup = random(random);
        Map<String, String> data = new TreeMap<>(withShare(1, rotation, now, random));
        data.put(LOOKUP, base64(lookup));
        data.put(LOOKUP_CHECK, lookupCheck(lookup));
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

    /** Stands for the lookup key: 16 bytes in hex, and then in base64 as all data; leads back to the key for nobody. */
    static String lookupCheck(byte[] lookup) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(lookup, "HmacSHA256"));
            byte[] check = mac.doFinal(CHECK_LABEL.getBytes(StandardCharsets.UTF_8));
            return base64(HexFormat.of().formatHex(Arrays.copyOf(check, CHECK_BYTES)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    private static byte[] random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
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
