package dev.lunasec.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lunasec.client.ErasureReceipt.Erasure;
import dev.lunasec.client.InvalidReceipt.Reason;
import dev.lunasec.tokenizer.testing.TestVault;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Receipts of a real tokenizer, and those that nobody gave. */
@Tag("embedded")
class ErasureReceiptTest {
    /** Made with OpenSSL: the key of RFC 8032, test 1, over the claims of {@link #erasure()}. */
    private static final String KEYS =
            "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\","
                    + "\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\",\"use\":\"sig\",\"alg\":\"EdDSA\"}]}";

    private static final String GOOD =
            "eyJ0eXAiOiJ0b2tlbml6ZXItcmVjZWlwdCtqd3QiLCJhbGciOiJFZERTQSIsImtpZCI6ImtQcktfcW14VldhWVZBOXd3QkY2SXVvM3ZWeno3VHhIQ1R3WEJ5Z3JTNGsifQ.eyJpc3MiOiIyNjNiMzk4ZWY1YmRjY2ZhYWY2MzY3NWMyZDVkYzU5NyIsInJlY29yZCI6IjAwMTEyMjMzNDQ1NTY2Nzc4ODk5YWFiYmNjZGRlZWZmIiwib2JqZWN0IjoiZmZlZWRkY2NiYmFhOTk4ODc3NjY1NTQ0MzMyMjExMDAiLCJlcmFzZWQiOjE3NjcyMjU2MDAsInNoYXJlcyI6WzEsMl0sInRva2VuIjoiUi1ZZ0JRWFpNdHZyTWk5cEFzQ3dVcDNRX19zTDRPbmRCbVZFWVp2blIxRSJ9.KDqjWRvxNmhfFaRiyUVXtNGQ--zcr_Ew04qscYRxgoFkYp0AK34qyUYstodI0oJyf7rFwV7KoychU-HXzYZLAA";

    @AutoClose
    private static final TestVault vault = TestVault.started();

    @Test
    void anErasureIsProvedToWhoeverHasTheKeys() {
        try (TokenizerClient application = client("application")) {
            Instant before = Instant.now().minusSeconds(1);
            String token = application.tokenize(new byte[] {1});
            ErasureReceipt receipt = application.erase(token);
            assertThat(application.erase(token)).as("a second time").isEqualTo(receipt);
            Erasure erasure = receipt.verify(application.receiptKeys());
            assertThat(erasure.vault()).matches("[0-9a-f]{32}");
            assertThat(application.receiptKeys()).contains("\"vault\":\"" + erasure.vault() + "\"");
            assertThat(erasure.shares()).containsExactly(1);
            assertThat(receipt.verify(application.receiptKeys(), token)).isEqualTo(erasure);
            String other = application.tokenize(new byte[] {1});
            assertThatThrownBy(() -> receipt.verify(application.receiptKeys(), other))
                    .hasFieldOrPropertyWithValue("reason", Reason.OTHER_TOKEN);
            assertThat(erasure.record()).matches("[0-9a-f]{32}");
            assertThat(erasure.object()).matches("[0-9a-f]{32}").isNotEqualTo(erasure.record());
            assertThat(erasure.erased()).isBetween(before, Instant.now());
            assertThatThrownBy(() -> application.detokenize(token)).hasFieldOrPropertyWithValue("name", "unknownToken");
            assertThatThrownBy(() -> receipt.verify(KEYS))
                    .hasFieldOrPropertyWithValue("reason", Reason.UNKNOWN_KEY)
                    .hasMessageEndingWith(".");
        }
    }

    @Test
    void anErasureIsForApplicationsAndForTokens() {
        try (TokenizerClient user = client("user");
                TokenizerClient application = client("application")) {
            String token = user.tokenize(new byte[] {1});
            assertThatThrownBy(() -> user.erase(token)).hasFieldOrPropertyWithValue("name", "notAllowed");
            assertThat(user.detokenize(token)).containsExactly(1);
            assertThatThrownBy(() -> application.erase("lunasec-00112233-4455-6677-8899-aabbccddeeff"))
                    .hasFieldOrPropertyWithValue("name", "unknownToken");
        }
    }

    @Test
    void whoeverHasNoKeysIsToldSo() {
        try (TokenizerClient nobody =
                TokenizerClient.builder(vault.management()).build()) {
            assertThatThrownBy(nobody::receiptKeys).isInstanceOf(TokenizerException.class);
        }
        try (TokenizerClient nobody =
                TokenizerClient.builder(URI.create("http://127.0.0.1:1")).build()) {
            assertThatThrownBy(nobody::receiptKeys).hasFieldOrPropertyWithValue("code", ErrorCode.UNREACHABLE);
        }
    }

    @Test
    void aReceiptThatOtherCodeMadeFromTheDocumentationHolds() {
        assertThat(new ErasureReceipt(GOOD).verify(KEYS)).isEqualTo(erasure());
    }

    private static Erasure erasure() {
        return new Erasure(
                "263b398ef5bdccfaaf63675c2d5dc597",
                "00112233445566778899aabbccddeeff",
                "ffeeddccbbaa99887766554433221100",
                Instant.ofEpochSecond(1_767_225_600),
                List.of(1, 2));
    }

    @Test
    void aReceiptHoldsForItsTokenAlone() {
        ErasureReceipt receipt = new ErasureReceipt(GOOD);
        assertThat(receipt.verify(KEYS, "lunasec-00112233-4455-6677-8899-aabbccddeeff"))
                .isEqualTo(erasure());
        assertThat(receipt.verify(KEYS, "lunasec-00112233-4455-6677-8899-AABBCCDDEEFF"))
                .isEqualTo(erasure());
        for (String other : new String[] {"lunasec-10112233-4455-6677-8899-aabbccddeeff", "", "lunasec-00"}) {
            assertThatThrownBy(() -> receipt.verify(KEYS, other))
                    .hasFieldOrPropertyWithValue("reason", Reason.OTHER_TOKEN)
                    .hasMessageEndingWith(".");
        }
    }

    @Test
    void aReceiptHoldsAfterItsShareIsDestroyedButNotWithAKeyThatOthersMayHave() {
        ErasureReceipt receipt = new ErasureReceipt(GOOD);
        String retired = keys("\"until\":\"2026-01-01T00:00:00Z\",\"compromised\":false");
        assertThat(receipt.verify(retired)).isEqualTo(erasure());
        refused(
                GOOD,
                keys("\"until\":\"2025-12-31T00:00:00Z\",\"compromised\":false"),
                Reason.KEY_NOT_VALID,
                "after the key");
        refused(
                GOOD,
                keys("\"until\":\"2026-01-01T00:00:00Z\",\"compromised\":true"),
                Reason.KEY_NOT_VALID,
                "may be known");
        refused(GOOD, keys("\"until\":\"soon\""), Reason.MALFORMED_KEYS, "until");
    }

    private static String keys(String era) {
        return KEYS.replace("\"kty\"", era + ",\"kty\"");
    }

    @Test
    void everyChangedByteIsSeen() {
        byte[] bytes = GOOD.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = bytes.clone();
                flipped[i] ^= (byte) (1 << bit);
                String text = new String(flipped, StandardCharsets.ISO_8859_1);
                assertThatThrownBy(() -> new ErasureReceipt(text).verify(KEYS))
                        .as("bit %d of byte %d", bit, i)
                        .isInstanceOf(InvalidReceipt.class)
                        .hasNoCause();
            }
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        String[] parts = GOOD.split("[.]", 3);
        refused("", KEYS, Reason.MALFORMED, "three parts");
        refused(GOOD + ".", KEYS, Reason.MALFORMED, "three parts");
        refused(GOOD + "=", KEYS, Reason.MALFORMED, "not base64url");
        refused(GOOD + "A", KEYS, Reason.WRONG_SIGNATURE, "did not sign");
        refused(base64("[]") + "." + parts[1] + "." + parts[2], KEYS, Reason.MALFORMED, "not a JSON object");
        refused(header("JWT", "EdDSA") + "." + parts[1] + "." + parts[2], KEYS, Reason.MALFORMED, "typ");
        for (String alg : new String[] {"none", "HS256", ""}) {
            String header = header("tokenizer-receipt+jwt", alg);
            refused(header + "." + parts[1] + "." + parts[2], KEYS, Reason.MALFORMED, "alg");
            refused(header + "." + parts[1] + ".", KEYS, Reason.MALFORMED, "alg");
        }
        refused(parts[0] + "." + parts[1] + ".", KEYS, Reason.WRONG_SIGNATURE, "did not sign");
        refused(
                parts[0] + "." + base64("{\"record\":\"" + "0".repeat(32) + "\"}") + "." + parts[2],
                KEYS,
                Reason.WRONG_SIGNATURE,
                "did not sign");
        refused(
                "eyJ0eXAiOiJ0b2tlbml6ZXItcmVjZWlwdCtqd3QiLCJhbGciOiJFZERTQSIsImtpZCI6ImtQcktfcW14VldhWVZBOXd3QkY2SXVvM3ZWeno3VHhIQ1R3WEJ5Z3JTNGsifQ.eyJpc3MiOiIyNjNiMzk4ZWY1YmRjY2ZhYWY2MzY3NWMyZDVkYzU5NyJ9.K6BQBCiSvsNrwKuv_rgcs1a6RtKDssWTrgkdaI_TifqwB7CbzVqxb-cZbbMLr9duqsJG31ygY6rmMM7MLmeUDg",
                KEYS,
                Reason.MALFORMED,
                "when it was erased");
        for (String keys : new String[] {"", "{}", "[]", "{\"keys\":1}", KEYS + "x"}) {
            refused(GOOD, keys, Reason.MALFORMED_KEYS, "not a JWK Set");
        }
        refused(GOOD, KEYS.replace("11qYAYKx", ""), Reason.MALFORMED_KEYS, "32 bytes");
        refused(GOOD, KEYS.replace("11qYAYKx", "????"), Reason.MALFORMED_KEYS, "is not an Ed25519 key");
        refused(GOOD, KEYS.replace("Ed25519", "Ed448"), Reason.UNKNOWN_KEY, "None of these keys");
        refused(GOOD, KEYS.replace("kPrK", "kprk"), Reason.UNKNOWN_KEY, "None of these keys");
        refused(GOOD, "{\"keys\":[]}", Reason.UNKNOWN_KEY, "None of these keys");
        refused(GOOD, KEYS.replace("11qYAYKx", "12qYAYKx"), Reason.MALFORMED_KEYS, "is not an Ed25519 key");
        String another = KEYS.replace(
                "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw");
        refused(GOOD, another, Reason.WRONG_SIGNATURE, "did not sign");
    }

    private static void refused(String receipt, String keys, Reason reason, String seen) {
        assertThatThrownBy(() -> new ErasureReceipt(receipt).verify(keys))
                .isInstanceOfSatisfying(
                        InvalidReceipt.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(reason))
                .hasMessageContaining(seen)
                .hasMessageEndingWith(".");
    }

    private static String header(String typ, String alg) {
        return base64("{\"typ\":\"" + typ + "\",\"alg\":\"" + alg
                + "\",\"kid\":\"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"}");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static TokenizerClient client(String subject) {
        return TokenizerClient.builder(vault.url())
                .bearer(() -> vault.issuer.jwt(subject, subject.equals("user") ? "session-1" : ""))
                .build();
    }
}
