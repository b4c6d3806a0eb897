package dev.lunasec.tokenizer.token;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The random text that a database stores instead of a secret: {@code lunasec-} and 128 random bits as 32 hex digits in
 * the shape of a UUID. It is one share of the key, so it is a secret of its own and never shown.
 */
public final class Token {
    private static final String PREFIX = "lunasec-";
    private static final Pattern SHAPE =
            Pattern.compile(PREFIX + "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private final byte[] bytes;

    private Token(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new token; all 128 bits are random, none says a version. */
    public static Token random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new Token(bytes);
    }

    /**
     * Reads a token; its hex digits may be of either case.
     *
     * @throws CallFailed {@link ErrorCode#MALFORMED_TOKEN} for any other text, which is not repeated
     */
    public static Token parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new CallFailed(
                    ErrorCode.MALFORMED_TOKEN,
                    "This is not a token: write lunasec- and 32 hex digits in groups of 8-4-4-4-12.");
        }
        return new Token(HexFormat.of().parseHex(text.substring(PREFIX.length()).replace("-", "")));
    }

    /** The text to give to the caller, in lower case. */
    public String text() {
        String hex = HexFormat.of().formatHex(bytes);
        return PREFIX
                + hex.substring(0, 8)
                + '-'
                + hex.substring(8, 12)
                + '-'
                + hex.substring(12, 16)
                + '-'
                + hex.substring(16, 20)
                + '-'
                + hex.substring(20);
    }

    /** The share of the key: 16 bytes. */
    byte[] bytes() {
        return bytes.clone();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Token[hidden]";
    }
}
