package dev.lunasec.tokenizer.token;

/**
 * The name of a data object: 32 lower-case hex digits, made from the token as {@link RecordId} is, under another label.
 * Who sees the list of records and the list of objects cannot join them.
 */
public record ObjectName(String hex) {
    /** Whether a text has the form of one, which is that of the id of a record. */
    public static boolean isOne(String text) {
        return RecordId.isOne(text);
    }

    @Override
    public String toString() {
        return hex;
    }
}
