package dev.lunasec.tokenizer.token;

/** A record is damaged, was moved, edited or sealed with other keys; the message says what was seen, never a key or content. */
public final class UnreadableRecord extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableRecord(String seen) {
        super("The record can't be opened: " + seen + ".");
    }
}
