package dev.lunasec.tokenizer.token;

import java.util.regex.Pattern;

/**
 * The name of a record: 128 bits as 32 lower-case hex digits, made from the token with the lookup key. It never changes, and
 * leads back to the token for nobody, so it may be shown and logged.
 */
public record RecordId(String hex) {
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{32}");

    public RecordId {
        if (!SHAPE.matcher(hex).matches())
            throw new IllegalArgumentException("a record id is 32 lower-case hex digits");
    }

    @Override
    public String toString() {
        return hex;
    }
}
