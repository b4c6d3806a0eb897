package dev.lunasec.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The check that notices a changed lookup key: the content of {@value KeyringFiles#LOOKUP_CHECK}. */
public final class LookupCheck {
    private static final String LABEL = "lunasec.dev/lookup-check/v1";
    private static final int BYTES = 16;

    private LookupCheck() {}

    /**
     * Computes the check of a lookup key. The key cannot be computed from it.
     *
     * @return 32 hex digits
     */
    public static String of(byte[] lookup) {
        byte[] check = KeyedHash.of(lookup, LABEL.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(check, BYTES));
    }
}
