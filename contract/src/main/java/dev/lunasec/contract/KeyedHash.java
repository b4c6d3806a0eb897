package dev.lunasec.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104) under the lookup key. */
final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";

    private KeyedHash() {}

    /** The hash of a message, 32 bytes. */
    static byte[] of(byte[] key, byte[] message) {
        Mac mac = mac(key);
        return mac.doFinal(message);
    }

    /**
     * The hash of a list of texts, 32 bytes. Each text follows its length in 4 bytes, so two different lists never give
     * the same bytes.
     */
    static byte[] ofFields(byte[] key, String... fields) {
        Mac mac = mac(key);
        for (String field : fields) {
            byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            mac.update(bytes);
        }
        return mac.doFinal();
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
