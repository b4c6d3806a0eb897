package dev.lunasec.runtime;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) of the JDK under one key. Each call clones a Mac, because looking up the provider takes
 * longer than a short message. Many threads can use an object at the same time. Whoever has it can use the key, which
 * it holds as long as it lives.
 */
public final class HmacSha256 {
    private static final String ALGORITHM = "HmacSHA256";

    /** It never gets a key, and is only ever cloned. */
    private static final Mac BLANK = blank();

    /** It is only ever cloned. */
    private final Mac keyed;

    /** @param key not empty */
    public HmacSha256(byte[] key) {
        this.keyed = keyed(key);
    }

    /** The MAC of the parts behind each other, 32 bytes. */
    public byte[] of(byte[]... parts) {
        return finish(cloneOf(keyed), parts);
    }

    /**
     * The same under a key that is needed once.
     *
     * @param key not empty
     */
    public static byte[] once(byte[] key, byte[]... parts) {
        return finish(keyed(key), parts);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "HmacSha256[hidden]";
    }

    private static byte[] finish(Mac mac, byte[]... parts) {
        for (byte[] part : parts) mac.update(part);
        return mac.doFinal();
    }

    private static Mac keyed(byte[] key) {
        try {
            Mac mac = cloneOf(BLANK);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC takes every key", e);
        }
    }

    private static Mac blank() {
        try {
            // The first clone makes the Mac choose its provider, which two threads must not do at the same time.
            return cloneOf(Mac.getInstance(ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }

    private static Mac cloneOf(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the " + ALGORITHM + " of every JDK can be cloned", e);
        }
    }
}
