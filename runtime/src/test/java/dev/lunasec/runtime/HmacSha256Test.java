package dev.lunasec.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Known answers, and answers of the JDK that were not made by clones. */
@Tag("pure")
class HmacSha256Test {
    /** RFC 4231, test cases 1, 2 and 6: a short key, the shortest, and one that is longer than a block of SHA-256. */
    @Test
    void theKnownAnswersOfTheRfc() {
        answers(bytes("0b".repeat(20)), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        answers(
                "Jefe".getBytes(UTF_8),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        answers(
                bytes("aa".repeat(131)),
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    /** FIPS 180-4, the examples of NIST. */
    @Test
    void theKnownAnswersOfSha256() {
        assertThat(hex(Sha256.of())).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(hex(Sha256.of("a".getBytes(UTF_8), new byte[0], "bc".getBytes(UTF_8))))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void oneKeyServesManyThreadsAtTheSameTime() {
        byte[] key = bytes("0c".repeat(32));
        HmacSha256 shared = new HmacSha256(key);
        IntStream.range(0, 20_000).parallel().forEach(number -> {
            byte[] message = ByteBuffer.allocate(100).putInt(number).array();
            assertThat(shared.of(message)).isEqualTo(ofTheJdk(key, message));
            byte[] ownKey = ByteBuffer.allocate(32).putInt(number + 1).array();
            assertThat(HmacSha256.once(ownKey, message)).isEqualTo(ofTheJdk(ownKey, message));
        });
    }

    @Test
    void theKeyIsNotInItsText() {
        assertThat(new HmacSha256("Jefe".getBytes(UTF_8))).hasToString("HmacSha256[hidden]");
    }

    private static void answers(byte[] key, String message, String mac) {
        byte[] text = message.getBytes(UTF_8);
        HmacSha256 keyed = new HmacSha256(key);
        for (int again = 0; again < 2; again++) {
            assertThat(hex(keyed.of(text))).isEqualTo(mac);
            assertThat(hex(HmacSha256.once(key, text))).isEqualTo(mac);
        }
        byte[] first = message.substring(0, 3).getBytes(UTF_8);
        byte[] rest = message.substring(3).getBytes(UTF_8);
        assertThat(hex(keyed.of(first, new byte[0], rest))).as("in parts").isEqualTo(mac);
        assertThat(hex(HmacSha256.once(key, first, rest))).as("in parts").isEqualTo(mac);
    }

    private static byte[] ofTheJdk(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
