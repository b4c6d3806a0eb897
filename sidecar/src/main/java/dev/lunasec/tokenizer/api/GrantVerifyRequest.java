package dev.lunasec.tokenizer.api;

/**
 * The body of {@code /grant/verify}.
 *
 * @param sessionId the session that would hold the grant; empty for the caller itself, an application without a session
 */
record GrantVerifyRequest(String tokenId, String sessionId) {
    GrantVerifyRequest {
        RequestJson.require("tokenId", tokenId);
        RequestJson.require("sessionId", sessionId);
    }
}
