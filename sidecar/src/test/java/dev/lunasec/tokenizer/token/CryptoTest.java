package dev.lunasec.tokenizer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Known answers from those who published the primitives. */
@Tag("pure")
class CryptoTest {
    /** RFC 4231, test cases 1 and 2. */
    @Test
    void hmac() {
        assertThat(hex(Crypto.hmac(bytes("0b".repeat(20)), Crypto.utf8("Hi There"))))
                .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        assertThat(hex(Crypto.hmac(Crypto.utf8("Jefe"), Crypto.utf8("what do ya want "), Crypto.utf8("for nothing?"))))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    /** RFC 5869, appendix A.3: no salt is one of zeros. */
    @Test
    void hkdfWithoutSalt() {
        assertThat(hex(Crypto.hkdf(bytes("0b".repeat(22)), new byte[32], new byte[0], 42)))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    /** RFC 5869, appendices A.1 and A.2. */
    @Test
    void hkdf() {
        byte[] basic = Crypto.hkdf(
                bytes("0b".repeat(22)), bytes("000102030405060708090a0b0c"), bytes("f0f1f2f3f4f5f6f7f8f9"), 42);
        assertThat(hex(basic))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        byte[] longer = Crypto.hkdf(range(0x00, 80), range(0x60, 80), range(0xb0, 80), 82);
        assertThat(hex(longer))
                .isEqualTo("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb"
                        + "41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    }

    /** "The Galois/Counter Mode of Operation" (McGrew, Viega), appendix B, test case 16. */
    @Test
    void aes256Gcm() {
        byte[] key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        byte[] plain =
                bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b5"
                        + "25b16aedf5aa0de657ba637b39");
        byte[] associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        byte[] sealed = Crypto.seal(key, bytes("cafebabefacedbaddecaf888"), associated, plain);
        assertThat(hex(sealed))
                .isEqualTo("cafebabefacedbaddecaf888"
                        + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3d"
                        + "a7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
        assertThat(Crypto.open(key, associated, sealed)).isEqualTo(plain);
        assertThatThrownBy(() -> Crypto.open(key, new byte[0], sealed)).isInstanceOf(UnreadableRecord.class);
    }

    @Test
    void eachCallOpensWithItsOwnKeyAlone() {
        byte[] one = bytes("01".repeat(Crypto.KEY));
        byte[] two = bytes("02".repeat(Crypto.KEY));
        byte[] associated = bytes("03");
        byte[] ofOne = Crypto.seal(one, associated, Crypto.utf8("one"));
        byte[] ofTwo = Crypto.seal(two, associated, Crypto.utf8("two"));
        for (int i = 0; i < 3; i++) {
            assertThat(Crypto.open(one, associated, ofOne)).isEqualTo(Crypto.utf8("one"));
            assertThatThrownBy(() -> Crypto.open(two, associated, ofOne)).isInstanceOf(UnreadableRecord.class);
            assertThatThrownBy(() -> Crypto.open(new byte[Crypto.KEY], associated, ofOne))
                    .isInstanceOf(UnreadableRecord.class);
            assertThat(Crypto.open(two, associated, ofTwo)).isEqualTo(Crypto.utf8("two"));
            assertThatThrownBy(() -> Crypto.open(two, bytes("04"), ofTwo)).isInstanceOf(UnreadableRecord.class);
        }
    }

    @Test
    void manyThreadsOpenAtTheSameTime() {
        List<Boolean> opened = IntStream.range(0, 2_000)
                .parallel()
                .mapToObj(i -> Crypto.random(Crypto.KEY))
                .map(key -> Arrays.equals(Crypto.open(key, key, Crypto.seal(key, key, key)), key))
                .toList();
        assertThat(opened).hasSize(2_000).containsOnly(true);
    }

    @Test
    void noTwoListsOfFieldsHaveTheSameBytes() {
        byte[] a = {'a'};
        byte[] b = {'b'};
        byte[] ab = {'a', 'b'};
        assertThat(Crypto.canonical(a, b))
                .isNotEqualTo(Crypto.canonical(ab))
                .isNotEqualTo(Crypto.canonical(ab, new byte[0]));
        assertThat(hex(Crypto.canonical(a, ab))).isEqualTo("00000001" + "61" + "00000002" + "6162");
    }

    private static byte[] range(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) bytes[i] = (byte) (from + i);
        return bytes;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
