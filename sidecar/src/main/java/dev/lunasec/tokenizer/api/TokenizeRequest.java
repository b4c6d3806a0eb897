package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /tokenize}.
 *
 * @param metadata the caller's own, returned as it was sent; null for none
 * @param size of the value in bytes; null for any size
 * @param expiresAt when the token expires, a time of RFC 3339; null for never
 */
record TokenizeRequest(
        @Nullable ObjectNode metadata,
        @Nullable Long size,
        @Nullable String expiresAt) {
    TokenizeRequest {
        RequestJson.requireWholeCharacters("metadata", metadata);
        RequestJson.requireRange("size", size, 0, Long.MAX_VALUE);
    }

    /**
     * When the token expires, in whole seconds; null for never.
     *
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST} if it is not a time
     */
    @Nullable
    Instant expires() {
        return expiresAt == null ? null : RequestJson.time("expiresAt", expiresAt);
    }
}
