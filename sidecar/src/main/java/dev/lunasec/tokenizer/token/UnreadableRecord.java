package dev.lunasec.tokenizer.token;

/**
 * A record does not open: it was changed, moved, or sealed with other keys. The message says what was wrong, never a
 * key or content.
 */
public final class UnreadableRecord extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableRecord(String reason) {
        super("The record is unreadable: " + reason + ".");
    }
}
