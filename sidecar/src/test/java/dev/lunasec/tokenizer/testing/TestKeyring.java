package dev.lunasec.tokenizer.testing;

import dev.lunasec.tokenizer.token.Keyring;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Keyrings with a known lookup key and known shares: the same numbers always make the same keyring. */
public final class TestKeyring {
    private TestKeyring() {}

    /** A keyring with these shares, one of which is the primary share. */
    public static Keyring of(int primary, int... shares) {
        Map<String, byte[]> files = new HashMap<>(Map.of("lookup", new byte[32]));
        IntStream.of(shares).forEach(n -> {
            byte[] share = new byte[32];
            share[0] = (byte) n;
            files.put("share-" + n, share);
        });
        files.put("primary", Integer.toString(primary).getBytes(StandardCharsets.UTF_8));
        return Keyring.of(files);
    }
}
