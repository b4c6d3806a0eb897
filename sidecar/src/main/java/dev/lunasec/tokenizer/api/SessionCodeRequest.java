package dev.lunasec.tokenizer.api;

import dev.lunasec.tokenizer.auth.FrameAccess.Purpose;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /session/code}.
 *
 * @param sessionId the session for which the frame will act
 * @param nonce of the frame, 16 to 128 letters, digits, hyphens and underscores
 * @param action {@code tokenize} or {@code detokenize}
 * @param tokenIds the 1 to 100 tokens that the frame will be able to read; null for {@code tokenize}
 */
record SessionCodeRequest(
        String sessionId,
        String nonce,
        String action,
        @Nullable List<String> tokenIds) {
    private static final int MOST_TOKENS = 100;
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{16,128}");

    SessionCodeRequest {
        RequestJson.require("sessionId", sessionId);
        requireNonce(nonce);
        RequestJson.require("action", action);
        if (sessionId.isEmpty()) {
            throw RequestJson.bad("The field sessionId is empty; send the session of the user who sees the frame.");
        }
        Purpose purpose = Purpose.named(action);
        if (purpose == null) throw RequestJson.bad("The field action must be tokenize or detokenize.");
        if (purpose == Purpose.TOKENIZE && tokenIds != null) {
            throw RequestJson.bad("A code for tokenize names no tokens; leave the field tokenIds out.");
        }
        if (purpose == Purpose.DETOKENIZE && !areTokens(tokenIds)) {
            throw RequestJson.bad("The field tokenIds must hold the 1 to 100 tokens that the frame will read.");
        }
    }

    /** For the constructors of requests: the nonce of a frame. */
    static void requireNonce(@Nullable String nonce) {
        RequestJson.require("nonce", nonce);
        if (nonce != null && NONCE.matcher(nonce).matches()) return;
        throw RequestJson.bad("The field nonce must hold 16 to 128 letters, digits, hyphens and underscores.");
    }

    Purpose purpose() {
        return tokenIds == null ? Purpose.TOKENIZE : Purpose.DETOKENIZE;
    }

    private static boolean areTokens(@Nullable List<String> ids) {
        return ids != null
                && !ids.isEmpty()
                && ids.size() <= MOST_TOKENS
                && ids.stream().noneMatch(Objects::isNull);
    }

    /** Those that the frame will be able to read; none if it stores. */
    List<String> tokens() {
        return tokenIds == null ? List.of() : tokenIds;
    }

    /** Without the session and the tokens. */
    @Override
    public String toString() {
        return "SessionCodeRequest[" + action + "]";
    }
}
