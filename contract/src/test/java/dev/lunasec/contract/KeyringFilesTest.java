package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keyrings as the operator writes them, and with one file missing or wrong. */
@Tag("pure")
class KeyringFilesTest {
    private static final byte[] LOOKUP = new byte[32];

    /** Computed with other code: {@code openssl dgst -sha256 -mac HMAC -macopt hexkey:00…}. */
    private static final String CHECK = "290c279605bbf5ccf614f91afa733876";

    @Test
    void aWholeKeyringIsReadAndItsTextHoldsNoKey() throws Exception {
        KeyringFiles keyring = KeyringFiles.parse(whole());
        assertThat(keyring.lookup()).isEqualTo(LOOKUP);
        assertThat(keyring.shares()).containsOnlyKeys(2, 10).containsEntry(10, bytes("y".repeat(32)));
        assertThat(keyring.primary()).isEqualTo(2);
        assertThat(keyring).hasToString("KeyringFiles[primary=2 shares=2,10]");
    }

    @Test
    void theNamesAreThoseThatAreRead() {
        assertThat(KeyringFiles.shareNumber(KeyringFiles.share(999_999_999))).hasValue(999_999_999);
        for (String none : new String[] {
            "share-0", "share-01", "share-1000000000", "share-", "share-1x", "shares-1", KeyringFiles.made(1)
        }) {
            assertThat(KeyringFiles.shareNumber(none)).as(none).isEmpty();
        }
    }

    @Test
    void theLookupCheckIsThatOfOtherCode() {
        assertThat(LookupCheck.of(LOOKUP)).isEqualTo(CHECK);
    }

    @Test
    void whatIsMissingOrWrongIsNamedWithoutItsContent() {
        refused("lookup", null, "The keyring has no key lookup.");
        refused("lookup", "short", "The key lookup of the keyring is not 32 bytes long.");
        refused("lookup", "x".repeat(32), "The keyring's key lookup was changed; it makes the names of all records,");
        refused("share-2", "short", "The key share-2 of the keyring is not 32 bytes long.");
        refused("primary", null, "The keyring has no key primary.");
        refused("primary", "x", "The key primary of the keyring is not a number.");
        refused("primary", "3", "The keyring says that share 3 is primary, but does not hold it.");
    }

    private static void refused(String name, @Nullable String content, String message) {
        Map<String, byte[]> files = whole();
        if (content == null) files.remove(name);
        else files.put(name, bytes(content));
        assertThatThrownBy(() -> KeyringFiles.parse(files))
                .isInstanceOf(InvalidKeyring.class)
                .hasMessageStartingWith(message);
    }

    private static Map<String, byte[]> whole() {
        return new HashMap<>(Map.of(
                "lookup", LOOKUP,
                "lookup-check", bytes(CHECK + "\n"),
                "share-2", bytes("x".repeat(32)),
                "share-10", bytes("y".repeat(32)),
                "primary", bytes("2\n"),
                "made-2", bytes("2026-11-25T00:00:00Z")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
