package dev.lunasec.tokenizer.api;

/**
 * The body of {@code /session/redeem}.
 *
 * @param code that {@code /session/code} answered
 * @param nonce of the frame that calls
 */
record SessionRedeemRequest(String code, String nonce) {
    SessionRedeemRequest {
        RequestJson.require("code", code);
        SessionCodeRequest.requireNonce(nonce);
    }

    /** Without the code. */
    @Override
    public String toString() {
        return "SessionRedeemRequest[hidden]";
    }
}
