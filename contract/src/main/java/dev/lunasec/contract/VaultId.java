package dev.lunasec.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The id of a vault: 32 hex digits in lower case, hex(first 16 bytes of HMAC-SHA-256(lookup, "lunasec.dev/vault/v1")).
 * It is public, and nobody can compute the lookup key from it.
 */
public record VaultId(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final byte[] LABEL = "lunasec.dev/vault/v1".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = 16;

    /** @throws IllegalArgumentException if the text is not 32 hex digits in lower case */
    public VaultId {
        if (!FORM.matcher(text).matches()) throw new IllegalArgumentException("not the id of a vault");
    }

    /** The id of the vault that has a lookup key. */
    public static VaultId of(byte[] lookup) {
        return new VaultId(HexFormat.of().formatHex(Arrays.copyOf(KeyedHash.of(lookup, LABEL), BYTES)));
    }

    @Override
    public String toString() {
        return text;
    }
}
