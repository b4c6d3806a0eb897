package dev.lunasec.tokenizer.api;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /grant/revoke}, with at least one of both.
 *
 * @param tokenId null for all tokens of the session
 * @param sessionId null for all sessions; empty for the caller itself, an application without a session
 */
record GrantRevokeRequest(
        @Nullable String tokenId, @Nullable String sessionId) {
    GrantRevokeRequest {
        if (tokenId == null && sessionId == null) {
            throw RequestJson.bad("The body names no grant; send tokenId, sessionId or both.");
        }
    }
}
