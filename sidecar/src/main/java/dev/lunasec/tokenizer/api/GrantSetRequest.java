package dev.lunasec.tokenizer.api;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.GoDuration;
import dev.lunasec.tokenizer.failure.CallFailed;
import dev.lunasec.tokenizer.grant.Grant.Direction;
import java.time.Duration;
import java.util.Optional;
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

    /**
     * How long the grant lasts; empty for the default.
     *
     * @throws CallFailed {@link ErrorCode#BAD_DURATION}
     */
    Optional<Duration> duration() {
        if (customDuration == null) return Optional.empty();
        return Optional.of(GoDuration.parse(customDuration)
                .orElseThrow(() -> new CallFailed(
                        ErrorCode.BAD_DURATION,
                        "The field customDuration is not a duration; write one like 30m or 1h20m10s.")));
    }

    /**
     * What the grant allows.
     *
     * @throws CallFailed {@link ErrorCode#BAD_REQUEST}
     */
    Direction directions() {
        return switch (direction == null ? "both" : direction) {
            case "store" -> Direction.STORE;
            case "read" -> Direction.READ;
            case "both" -> Direction.BOTH;
            default -> throw RequestJson.bad("The field direction must be store, read or both.");
        };
    }
}
