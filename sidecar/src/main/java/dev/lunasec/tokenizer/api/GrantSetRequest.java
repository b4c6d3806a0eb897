package dev.lunasec.tokenizer.api;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /grant/set}.
 *
 * @param sessionId the session that gets the grant; empty for the caller itself, an application without a session
 * @param customDuration a Go duration like {@code 1h20m10s}; null for the vault's default
 * @param direction {@code store}, {@code read} or {@code both}; null for both
 * @param uses how often the grant can be used for reading, from 1 to 2147483647; null for any number of times
 */
record GrantSetRequest(
        String tokenId,
        String sessionId,
        @Nullable String customDuration,
        @Nullable String direction,
        @Nullable Long uses) {
    GrantSetRequest {
        RequestJson.require("tokenId", tokenId);
        RequestJson.require("sessionId", sessionId);
        RequestJson.requireRange("uses", uses, 1, Integer.MAX_VALUE);
    }
}
