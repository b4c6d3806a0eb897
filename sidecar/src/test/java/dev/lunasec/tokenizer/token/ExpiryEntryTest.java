package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lunasec.tokenizer.testing.TestKeyring;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The entry by which the sweep finds a token that expires. */
@Tag("pure")
class ExpiryEntryTest {
    private static final Keyring KEYRING = TestKeyring.of(1, 1);
    private static final Token TOKEN = Token.random();
    private static final RecordId ID = KEYRING.recordId(TOKEN);
    private static final Expiry EXPIRY =
            new Expiry(ID, KEYRING.objectName(TOKEN), Instant.parse("2030-12-31T23:59:59Z"));

    @Test
    void anEntryIsReadAfterEveryRotationAndShowsNobodyTheObject() {
        byte[] entry = ExpiryEntry.write(EXPIRY, KEYRING);
        assertThat(ExpiryEntry.read(entry, ID, TestKeyring.of(9, 9))).hasValue(EXPIRY);
        assertThat(text(entry))
                .startsWith("{\"version\":1,\"expires\":1924991999,\"object\":\"")
                .doesNotContain(EXPIRY.object().hex());
        assertThat(EXPIRY.day()).hasToString("2030-12-31");
    }

    @Test
    void anEntryOfAnotherRecordTimeOrVaultIsNone() {
        byte[] entry = ExpiryEntry.write(EXPIRY, KEYRING);
        assertThat(ExpiryEntry.read(entry, KEYRING.recordId(Token.random()), KEYRING))
                .isEmpty();
        byte[] earlier = utf8(text(entry).replace("1924991999", "1924991998"));
        assertThat(ExpiryEntry.read(earlier, ID, KEYRING)).isEmpty();
        Keyring stranger =
                Keyring.of(Map.of("lookup", utf8("x".repeat(32)), "share-1", new byte[32], "primary", utf8("1")));
        assertThat(ExpiryEntry.read(entry, ID, stranger)).isEmpty();
    }

    @Test
    void whatIsNoEntryIsNone() {
        String entry = text(ExpiryEntry.write(EXPIRY, KEYRING));
        for (String none : List.of(
                "",
                "nonsense",
                "null",
                "{}",
                "[1]",
                entry + "x",
                entry.replace("\"version\":1", "\"version\":2"),
                entry.replace("1924991999", "9223372036854775807"),
                entry.replace("1924991999", "null"),
                entry.replaceAll("\"object\":\".*\"", "\"object\":null"),
                entry.replaceAll("\"object\":\".*\"", "\"object\":\"!\""),
                entry.replaceAll("\"object\":\".*\"", "\"object\":\"AAAA\""))) {
            assertThat(ExpiryEntry.read(utf8(none), ID, KEYRING)).as(none).isEmpty();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
