package dev.lunasec.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A key with which the store encrypts one object, and which the store does not keep (SSE-C): the three headers that
 * carry it.
 */
public final class SseCustomerKey {
    private static final String PREFIX = "x-amz-server-side-encryption-customer-";
    /** The header with the MD5 of the key; a store that used the key returns it in its answer. */
    public static final String MD5_HEADER = PREFIX + "key-md5";

    private final byte[] key;

    /** @param key 32 bytes */
    public SseCustomerKey(byte[] key) {
        this.key = key.clone();
    }

    /** Algorithm, key and MD5 of the key, under the names of S3. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(PREFIX + "algorithm", "AES256");
        headers.put(PREFIX + "key", base64());
        headers.put(MD5_HEADER, md5());
        return headers;
    }

    /** The key in base 64. */
    String base64() {
        return Base64.getEncoder().encodeToString(key);
    }

    /** The MD5 of the key in base 64, with which S3 detects a key that was changed on the way. */
    String md5() {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SseCustomerKey[hidden]";
    }
}
