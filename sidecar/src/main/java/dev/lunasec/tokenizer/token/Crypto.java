package dev.lunasec.tokenizer.token;

import dev.lunasec.runtime.HmacSha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The cryptographic primitives of records, from the providers of the JDK. */
final class Crypto {
    /** Bytes of a key of AES-256, and of every share. */
    static final int KEY = 32;
    /** Bytes of a nonce of GCM: NIST SP 800-38D section 8.2.2, drawn at random; every key here seals once. */
    static final int NONCE = 12;

    /** Bits of the tag of GCM, the longest there is. */
    static final int TAG_BITS = 128;
    /** The name of AES-GCM in the JDK. */
    static final String GCM = "AES/GCM/NoPadding";

    /**
     * The provider of AES-GCM, looked up once: opening a record takes a quarter less time than with a look-up for each
     * Cipher. A Cipher is used once. It would keep its last key, and to erase that key takes as long as a new Cipher.
     */
    private static final Provider PROVIDER = provider();

    private static final SecureRandom RANDOM = new SecureRandom();

    private Crypto() {}

    /** Random bytes. */
    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** HMAC-SHA-256, RFC 2104; the key is not empty. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        return HmacSha256.once(key, parts);
    }

    /** HKDF-SHA-256, RFC 5869, extract and expand; the salt is not empty, the result is at most 255 * 32 bytes. */
    static byte[] hkdf(byte[] secret, byte[] salt, byte[] info, int length) {
        byte[] extracted = hmac(salt, secret);
        ByteBuffer out = ByteBuffer.allocate(length);
        byte[] block = {};
        for (byte counter = 1; out.hasRemaining(); counter++) {
            block = hmac(extracted, block, info, new byte[] {counter});
            out.put(block, 0, Math.min(block.length, out.remaining()));
        }
        return out.array();
    }

    /** AES-256-GCM under a random nonce, which is put before the result. */
    static byte[] seal(byte[] key, byte[] associated, byte[] plain) {
        return seal(key, random(NONCE), associated, plain);
    }

    /** As {@link #seal(byte[], byte[], byte[])} with a given nonce: for tests with known answers only. */
    static byte[] seal(byte[] key, byte[] nonce, byte[] associated, byte[] plain) {
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce), associated)
                    .doFinal(plain);
            return ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-256-GCM", e);
        }
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @throws UnreadableRecord when key, associated data or a single bit differ
     */
    static byte[] open(byte[] key, byte[] associated, byte[] sealed) {
        if (sealed.length < NONCE + TAG_BITS / 8) throw new UnreadableRecord("its body is too short");
        try {
            GCMParameterSpec nonce = new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE);
            return cipher(Cipher.DECRYPT_MODE, key, nonce, associated).doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (AEADBadTagException e) {
            throw new UnreadableRecord("its body does not open with this key and header");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-256-GCM", e);
        }
    }

    /** An encoding that no two lists of fields share: before each field comes its length (4 bytes, big-endian). */
    static byte[] canonical(byte[]... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] field : fields) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(field.length).array());
            out.writeBytes(field);
        }
        return out.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Cipher cipher(int mode, byte[] key, GCMParameterSpec nonce, byte[] associated)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(GCM, PROVIDER);
        cipher.init(mode, new SecretKeySpec(key, "AES"), nonce);
        cipher.updateAAD(associated);
        return cipher;
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(GCM).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-256-GCM", e);
        }
    }
}
