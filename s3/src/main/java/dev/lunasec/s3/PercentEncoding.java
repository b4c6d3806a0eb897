package dev.lunasec.s3;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding (RFC 3986) of UTF-8, as Signature Version 4 demands it: whatever is not unreserved is encoded. */
final class PercentEncoding {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    /** For a name or a value of a query. */
    static String of(String text) {
        return encode(text, false);
    }

    /** For a path: slashes stay. */
    static String ofPath(String path) {
        return encode(path, true);
    }

    private static String encode(String text, boolean slashes) {
        int first = 0;
        while (first < text.length() && stays(text.charAt(first), slashes)) first++;
        if (first == text.length()) return text;
        StringBuilder encoded = new StringBuilder(3 * text.length()).append(text, 0, first);
        for (byte next : text.substring(first).getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (next & 0xff);
            if (stays(character, slashes)) encoded.append(character);
            else encoded.append('%').append(HEX.toHexDigits(next));
        }
        return encoded.toString();
    }

    private static boolean stays(char character, boolean slashes) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '.'
                || character == '_'
                || character == '~'
                || (slashes && character == '/');
    }
}
