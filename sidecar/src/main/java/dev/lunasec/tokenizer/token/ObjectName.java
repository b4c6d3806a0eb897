package dev.lunasec.tokenizer.token;

/**
 * The name of a data object: 32 lower-case hex digits, made from the token as {@link RecordId} is, under another label.
 * Who sees the list of records and the list of objects cannot join them.
 */
public record ObjectName(String hex) {
    @Override
    public String toString() {
        return hex;
    }
}
