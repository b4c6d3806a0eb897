package dev.lunasec.local.shop;

import java.util.regex.Pattern;

/** Recognizes the tokens of the vault in texts. */
final class TokenText {
    private static final Pattern TOKEN =
            Pattern.compile("lunasec-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern BEGINNING = Pattern.compile("(lunasec-[0-9a-fA-F]{4})[0-9a-fA-F-]*");

    private TokenText() {}

    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** The same text with the first four digits of each token, because whoever has a token has a part of its key. */
    static String shorten(String text) {
        return BEGINNING.matcher(text).replaceAll("$1\u2026");
    }
}
