package dev.lunasec.runtime;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * SHA-256 (FIPS 180-4) of the JDK. Each call clones a digest that has seen no byte, because looking up the provider
 * takes longer than hashing a short text.
 */
public final class Sha256 {
    /** It is only ever cloned, so many threads can use it. */
    private static final MessageDigest BLANK = blank();

    private Sha256() {}

    /** The hash of the parts behind each other, 32 bytes. */
    public static byte[] of(byte[]... parts) {
        try {
            MessageDigest digest = (MessageDigest) BLANK.clone();
            for (byte[] part : parts) digest.update(part);
            return digest.digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the SHA-256 of every JDK can be cloned", e);
        }
    }

    private static MessageDigest blank() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
