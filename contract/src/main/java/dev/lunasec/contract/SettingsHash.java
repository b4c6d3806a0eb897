package dev.lunasec.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The first 16 bytes of the SHA-256 of {@code settings.json}. The operator writes it on every pod, and the pod's
 * program refuses to run with other settings: an older version that the kubelet still had, or settings that somebody
 * else wrote.
 *
 * @param hex 32 hex digits in lower case
 */
public record SettingsHash(String hex) {
    private static final int BYTES = 16;

    /** The hash of the text of the file. */
    public static SettingsHash of(String json) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
            return new SettingsHash(HexFormat.of().formatHex(digest, 0, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Parses the text that {@link #toString} writes; empty for any other text. */
    public static Optional<SettingsHash> parse(String text) {
        return text.matches("[0-9a-f]{" + 2 * BYTES + "}") ? Optional.of(new SettingsHash(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return hex;
    }
}
