package dev.lunasec.tokenizer.token;

import java.util.regex.Pattern;

/**
 * The name of a record: 128 bits as 32 lower-case hex digits, made from the token with the lookup key. It never
 * changes. Nobody can compute the token from it, so it may be shown and logged.
 */
public record RecordId(String hex) {
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{32}");

    public RecordId {
        if (!isOne(hex)) throw new IllegalArgumentException("a record id is 32 lower-case hex digits");
    }

    /** Whether a text has the form of one. */
    public static boolean isOne(String text) {
        return SHAPE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return hex;
    }
}
