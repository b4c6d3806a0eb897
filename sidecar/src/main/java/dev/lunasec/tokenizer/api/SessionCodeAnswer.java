package dev.lunasec.tokenizer.api;

/**
 * The answer to {@code /session/code}.
 *
 * @param code that the frame redeems once
 * @param expiresInSeconds how long it has for that
 */
record SessionCodeAnswer(String code, Long expiresInSeconds) {
    /** Without the code. */
    @Override
    public String toString() {
        return "SessionCodeAnswer[hidden]";
    }
}
