package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lunasec.contract.InvalidSettings;
import dev.lunasec.contract.ReceiptEra;
import dev.lunasec.contract.ReceiptSigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("pure")
class ReceiptKeyTest {
    private static final RecordId ID = new RecordId("00112233445566778899aabbccddeeff");
    private static final ObjectName OBJECT = new ObjectName("ffeeddccbbaa99887766554433221100");

    /** RFC 8032, section 7.1, tests 1, 2, 3 and SHA(abc). */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, "
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '', "
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, "
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72, "
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, "
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82, "
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42, "
                + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf, "
                + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f, "
                + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
                + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
    })
    void knownAnswers(String seed, String publicKey, String message, String signature) {
        ReceiptKey key = new ReceiptKey(hex(seed));
        assertThat(Base64.getUrlDecoder().decode(key.x())).isEqualTo(hex(publicKey));
        assertThat(key.signature(hex(message))).isEqualTo(hex(signature));
        assertThat(key.signed(hex(message), hex(signature))).isTrue();
    }

    /** RFC 8037, appendices A.1 to A.4: the key as JWK, its thumbprint, and a compact JWS. */
    @Test
    void theFormsOfJose() throws Exception {
        ReceiptKey key = new ReceiptKey(Base64.getUrlDecoder().decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"));
        assertThat(key.id()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        byte[] signed = utf8("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
        assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(key.signature(signed)))
                .isEqualTo("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
    }

    @Test
    void aReceiptSaysWhatWasErasedAndWhen() throws Exception {
        Keyring keyring = keyring(1, Map.of());
        ReceiptKey key = keyring.receiptKey();
        Token token = Token.parse("lunasec-00000000-0000-0000-0000-000000000000");
        ErasureClaims erasure =
                new ErasureClaims(keyring.vaultId(), ID, OBJECT, Instant.ofEpochSecond(1_767_225_600), List.of(1, 2));
        String jws = key.sign(erasure, token);
        assertThat(key.sign(erasure, token)).as("the same again").isEqualTo(jws);
        String[] parts = jws.split("[.]", 3);
        assertThat(key.signed(
                        utf8(parts[0] + "." + parts[1]), Base64.getUrlDecoder().decode(parts[2])))
                .isTrue();
        JsonNode header = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[0]));
        assertThat(header.toString())
                .isEqualTo("{\"typ\":\"tokenizer-receipt+jwt\",\"alg\":\"EdDSA\",\"kid\":\"" + key.id() + "\"}");
        JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertThat(claims.toString())
                .isEqualTo(
                        "{\"iss\":\"263b398ef5bdccfaaf63675c2d5dc597\",\"record\":\"" + ID + "\",\"object\":\"" + OBJECT
                                + "\",\"erased\":1767225600,\"shares\":[1,2],"
                                + "\"token\":\"XgLgnMqb3NlM4ZXredouXKyWg9CFvvwpRJM0lub1M-c\"}");
    }

    @Test
    void theKeyIsReplacedWithThePrimaryShare() {
        ReceiptKey first = keyring(1, Map.of()).receiptKey();
        Keyring rotated = keyring(2, Map.of("share-1", new byte[32]));
        assertThat(rotated.receiptKey().id()).isNotEqualTo(first.id());
        assertThat(first).hasToString("ReceiptKey[" + first.id() + "]");
    }

    /** HKDF of a share of zeros, made with other code (Python's hmac): the seed; with OpenSSL its public key. */
    @Test
    void theKeyIsMadeAsTheDocumentationSays() {
        String x = "u_KgA0eTwzWozodl9yBujlNhzAxPYcf7VR5Yc87AWrw";
        assertThat(HexFormat.of().formatHex(ReceiptSigningKey.seed(new byte[32])))
                .isEqualTo("a46aaf33a864a0bf2dbe318d16fa2f9ec4477af433b2387fc581b8123de343c4");
        assertThat(new ReceiptKey(ReceiptSigningKey.seed(new byte[32])).x()).isEqualTo(x);
        assertThat(ReceiptEra.live(new byte[32], null).x()).isEqualTo(x);
    }

    @Test
    void thePublicKeysOfAllSharesArePublishedAlsoAfterTheShareIsGone() throws Exception {
        ReceiptEra first = new ReceiptEra(
                ReceiptEra.live(new byte[32], null).x(), "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", true);
        Keyring keyring = keyring(2, Map.of("receipt-1", first.write(), "made-2", utf8("2026-01-31T00:00:00Z")));
        JsonNode set = new ObjectMapper().readTree(keyring.receiptKeys());
        assertThat(set.path("vault").textValue()).isEqualTo(keyring.vaultId().text());
        assertThat(set.path("keys").toString())
                .isEqualTo("[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + first.x() + "\",\"kid\":\""
                        + new ReceiptKey(ReceiptSigningKey.seed(new byte[32])).id()
                        + "\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"from\":\"2026-01-01T00:00:00Z\","
                        + "\"until\":\"2026-02-01T00:00:00Z\",\"compromised\":true},"
                        + "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                        + keyring.receiptKey().x() + "\",\"kid\":\""
                        + keyring.receiptKey().id()
                        + "\",\"use\":\"sig\",\"alg\":\"EdDSA\",\"from\":\"2026-01-31T00:00:00Z\","
                        + "\"compromised\":false}]");
    }

    @Test
    void aPublicKeyThatWasChangedStopsTheStartWithASentence() {
        for (String content :
                new String[] {"", "{}", "{\"x\":\"a\",\"from\":null,\"until\":null,\"compromised\":false}"}) {
            assertThatThrownBy(() -> keyring(2, Map.of("receipt-1", utf8(content))))
                    .isInstanceOf(InvalidSettings.class)
                    .hasMessageContaining("The key receipt-1 of the keyring");
        }
    }

    /** The MAC was made with other code (Python's hmac) from the documentation. */
    @Test
    void aMarkerIsTheClaimsWithAMacUnderTheLookupKey() {
        Keyring keyring = keyring(1, Map.of());
        ErasureClaims claims =
                new ErasureClaims(keyring.vaultId(), ID, OBJECT, Instant.ofEpochSecond(1_767_225_600), List.of(1, 2));
        byte[] marker = ErasureMarker.write(claims, keyring);
        assertThat(new String(marker, StandardCharsets.UTF_8))
                .isEqualTo("{\"version\":1,\"vault\":\"263b398ef5bdccfaaf63675c2d5dc597\",\"record\":\"" + ID
                        + "\",\"object\":\"" + OBJECT + "\",\"erased\":1767225600,\"shares\":[1,2],"
                        + "\"mac\":\"KaOpSVLHRyqHuNchQjZMRUdmT90jJ/wXYreR7Xy8sgk=\"}");
        assertThat(ErasureMarker.read(marker, ID, keyring)).contains(claims);
        assertThat(ErasureMarker.read(marker, new RecordId(OBJECT.hex()), keyring))
                .isEmpty();
        for (int i = 0; i < marker.length; i++) {
            byte[] flipped = marker.clone();
            flipped[i] ^= 1;
            assertThat(ErasureMarker.read(flipped, ID, keyring))
                    .as("byte %d", i)
                    .isEmpty();
        }
    }

    /** With a lookup key of zeros; the primary share is made of its number less one. */
    private static Keyring keyring(int primary, Map<String, byte[]> more) {
        byte[] share = new byte[32];
        share[0] = (byte) (primary - 1);
        Map<String, byte[]> files = new HashMap<>(more);
        files.put("lookup", new byte[32]);
        files.put("share-" + primary, share);
        files.put("primary", utf8(Integer.toString(primary)));
        return Keyring.of(files);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
