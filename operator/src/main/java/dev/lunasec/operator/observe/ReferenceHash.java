package dev.lunasec.operator.observe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The hash of what pods read once from Secrets and ConfigMaps. It is an annotation of the pods, so a change replaces
 * them. It is a MAC, so it reveals nothing about a password.
 */
final class ReferenceHash {
    private static final String LABEL = "lunasec.dev/references/v1";
    private static final int BYTES = 8;

    /**
     * What was read.
     *
     * @param values the values by the names of their objects and keys
     * @param complete whether everything that the resource names exists
     */
    record Content(SortedMap<String, String> values, boolean complete) {
        /** Without the values. */
        @Override
        public String toString() {
            return "Content" + values.keySet();
        }
    }

    private ReferenceHash() {}

    /**
     * The hash that the pods get. While a referenced object is missing, they keep the last hash: new pods could not
     * mount the object.
     *
     * @param key known to the operator and the pods only
     * @param last the hash that the Deployment has; null if there is no Deployment
     * @return 16 hex digits
     */
    static String next(Content content, byte[] key, @Nullable String last) {
        return content.complete() || last == null ? of(content.values(), key) : last;
    }

    private static String of(SortedMap<String, String> values, byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(LABEL.getBytes(StandardCharsets.UTF_8));
            values.forEach((name, value) -> {
                for (String part : List.of(name, value)) {
                    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                    mac.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
                    mac.update(bytes);
                }
            });
            return HexFormat.of().formatHex(mac.doFinal(), 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
