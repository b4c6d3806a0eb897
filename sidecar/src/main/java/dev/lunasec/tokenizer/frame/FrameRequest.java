package dev.lunasec.tokenizer.frame;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.contract.Frame;
import dev.lunasec.tokenizer.failure.CallFailed;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request for the page, as text. The check finds mistakes in the page that embeds the frame, and says
 * what to write. It protects nothing, because an embedding page can write any origin; the headers of the page protect.
 *
 * @param nonce names the frame in the messages of both pages; null when it is missing
 * @param origin of the embedding page; null when it is missing
 * @param component null when it is missing
 */
public record FrameRequest(
        @Nullable String nonce,
        @Nullable String origin,
        @Nullable String component) {
    private static final Pattern NONCE = Pattern.compile("[0-9A-Fa-f]{1,64}");

    /**
     * Checks all of it.
     *
     * @throws CallFailed {@link ErrorCode#NO_SUCH_ROUTE} when no page may embed a frame of this vault, {@link
     *     ErrorCode#BAD_REQUEST}, {@link ErrorCode#ORIGIN_NOT_ALLOWED}
     */
    FrameComponent check(Frame frame) {
        if (!frame.servesFrame()) {
            throw new CallFailed(
                    ErrorCode.NO_SUCH_ROUTE,
                    "This vault serves no secure frame; write spec.frame.origin and spec.frame.allowedOrigins into its"
                            + " resource.");
        }
        if (nonce == null || !NONCE.matcher(nonce).matches()) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST, "The parameter n is no nonce; send 1 to 64 hexadecimal digits.");
        }
        if (origin == null) {
            throw new CallFailed(
                    ErrorCode.BAD_REQUEST, "The parameter origin is missing; send the origin of the embedding page.");
        }
        if (!frame.allowedOrigins().contains(origin)) {
            throw new CallFailed(
                    ErrorCode.ORIGIN_NOT_ALLOWED,
                    "Pages of this origin may not embed the secure frame; write the origin into"
                            + " spec.frame.allowedOrigins of the vault's resource.");
        }
        return FrameComponent.of(component == null ? "" : component)
                .orElseThrow(() -> new CallFailed(
                        ErrorCode.BAD_REQUEST,
                        "The parameter component is no component; send one of " + FrameComponent.WORDS + "."));
    }
}
