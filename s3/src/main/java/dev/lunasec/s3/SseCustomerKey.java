package dev.lunasec.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A key by which the store encrypts one object and forgets it again (SSE-C), as the three headers that carry it. */
public final class SseCustomerKey {
    private static final String PREFIX = "x-amz-server-side-encryption-customer-";
    /** Also the header by which a store that used the key says so. */
    public static final String MD5_HEADER = PREFIX + "key-md5";

    private final byte[] key;

    /** @param key 32 bytes */
    public SseCustomerKey(byte[] key) {
        this.key = key.clone();
    }

    /** Algorithm, key and MD5 of the key, as S3 names them. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(PREFIX + "algorithm", "AES256");
        headers.put(PREFIX + "key", base64());
        headers.put(MD5_HEADER, md5());
        return headers;
    }

    /** The key in base 64, as the SDK's requests take it. */
    String base64() {
        return Base64.getEncoder().encodeToString(key);
    }

    /** The MD5 of the key in base 64: S3 uses it to find a key that was garbled on the way. */
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
