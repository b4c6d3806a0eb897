package dev.lunasec.tokenizer.api;

/**
 * The answer to {@code /session/redeem}.
 *
 * @param accessToken that the frame sends in the header {@code authorization} after {@code Bearer}
 * @param expiresInSeconds how long it is valid
 */
record SessionRedeemAnswer(String accessToken, Long expiresInSeconds) {
    /** Without the access token. */
    @Override
    public String toString() {
        return "SessionRedeemAnswer[hidden]";
    }
}
