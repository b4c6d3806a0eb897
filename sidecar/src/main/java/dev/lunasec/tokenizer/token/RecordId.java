package dev.lunasec.tokenizer.token;

/**
 * The name of a record: 128 bits as 32 lower-case hex digits, made from the token with the lookup key. It never
 * changes. Nobody can compute the token from it, so it may be shown and logged.
 */
public record RecordId(String hex) {
    private static final int DIGITS = 32;

    public RecordId {
        if (!isOne(hex)) throw new IllegalArgumentException("a record id is 32 lower-case hex digits");
    }

    /** Whether a text has the form of one. */
    public static boolean isOne(String text) {
        if (text.length() != DIGITS) return false;
        for (int i = 0; i < DIGITS; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return hex;
    }
}
