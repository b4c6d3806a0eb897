package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class TokenTest {
    @Test
    void aTokenIsReadInEitherCaseAndWrittenInLowerCase() {
        String text = Token.random().text();
        assertThat(text).matches("lunasec-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
        String upper = "lunasec-" + text.substring(8).toUpperCase(Locale.ROOT);
        assertThat(Token.parse(upper).text()).isEqualTo(text);
    }

    @Test
    void everyBitOfATokenIsRandom() {
        int[] ones = new int[128];
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            Token token = Token.random();
            seen.add(token.text());
            for (int bit = 0; bit < 128; bit++) ones[bit] += (token.bytes()[bit / 8] >> (bit % 8)) & 1;
        }
        assertThat(seen).hasSize(1_000);
        // Ten standard deviations: a fixed bit, as those of a version, is at 0 or 1000.
        for (int count : ones) assertThat(count).isBetween(340, 660);
    }

    @Test
    void whatIsNoTokenIsRefusedAndNotRepeated() {
        String good = "lunasec-00112233-4455-6677-8899-aabbccddeeff";
        for (String bad : List.of(
                "",
                "lunasec-",
                good.substring(8),
                good.toUpperCase(Locale.ROOT),
                good + "0",
                good.substring(0, good.length() - 1),
                good.replace("ff", "fg"),
                good + "\n",
                " " + good,
                good.replace('-', '_'),
                good.replaceFirst("-4455", "4-455"),
                "lunasec-٠0112233-4455-6677-8899-aabbccddeeff")) {
            assertThatThrownBy(() -> Token.parse(bad)).as(bad).isInstanceOfSatisfying(CallFailed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(ErrorCode.MALFORMED_TOKEN);
                if (bad.length() > 8) assertThat(failed.sentence()).doesNotContain(bad.strip());
            });
        }
    }

    @Test
    void aKeyringThatIsNotWholeIsNamed() {
        Map<String, byte[]> whole = Map.of(
                "lookup", new byte[32], "share-1", new byte[32], "primary", "1\n".getBytes(StandardCharsets.UTF_8));
        assertThat(Keyring.of(whole).primary()).isEqualTo(1);
        refused(whole, "lookup", null, "lookup");
        refused(whole, "lookup", new byte[31], "lookup");
        refused(whole, "share-1", new byte[33], "share-1");
        refused(whole, "share-1", null, "primary");
        refused(whole, "primary", null, "primary");
        refused(whole, "primary", new byte[] {'x'}, "primary");
    }

    /** The check was computed with other code: {@code openssl dgst -sha256 -mac HMAC -macopt hexkey:00…}. */
    @Test
    void aLookupKeyThatWasChangedIsNoticed() {
        Map<String, byte[]> files = new HashMap<>(Map.of(
                "lookup", new byte[32],
                "share-1", new byte[32],
                "primary", utf8("1"),
                "lookup-check", utf8("290c279605bbf5ccf614f91afa733876\n"),
                "rotation", utf8("3"),
                "created-1", utf8("yesterday"),
                "completed-1", new byte[0]));
        assertThat(Keyring.of(files).announcement()).hasToString("primary=1 shares=1");
        files.put("lookup", utf8("x".repeat(32)));
        assertThatThrownBy(() -> Keyring.of(files))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("lookup was changed")
                .hasMessageContaining("can't be rotated")
                .hasMessageContaining("restore the keyring Secret")
                .hasMessageNotContaining("xxx");
        files.remove("lookup-check");
        assertThat(Keyring.of(files).primary()).isEqualTo(1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(
            Map<String, byte[]> whole, String name, byte @org.jspecify.annotations.Nullable [] content, String named) {
        Map<String, byte[]> files = new HashMap<>(whole);
        if (content == null) files.remove(name);
        else files.put(name, content);
        assertThatThrownBy(() -> Keyring.of(files))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining(named);
    }

    @Test
    void sessionsOfTwoIssuersHaveNothingInCommon() {
        Keyring keyring =
                Keyring.of(Map.of("lookup", new byte[32], "share-1", new byte[32], "primary", new byte[] {'1'}));
        assertThat(Set.of(
                        keyring.pseudonym("shop", "1"),
                        keyring.pseudonym("clinic", "1"),
                        keyring.pseudonym("sho", "p1"),
                        keyring.pseudonym("shop1", "")))
                .hasSize(4);
    }
}
