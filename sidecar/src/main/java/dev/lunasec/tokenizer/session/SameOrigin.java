package dev.lunasec.tokenizer.session;

import dev.lunasec.contract.ErrorCode;
import dev.lunasec.tokenizer.failure.CallFailed;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request comes from a page of the tokenizer itself, as one with a cookie must. Browsers send the
 * cookie with the requests of every page, also of one that an attacker wrote, but no page can change the two headers.
 * A program outside of a browser can.
 *
 * @param own the origin of the tokenizer, as browsers write it
 */
public record SameOrigin(String own) {
    private static final String SAME = "same-origin";

    /**
     * Checks a request.
     *
     * @param origin the header {@code Origin}; null when it is missing
     * @param site the header {@code Sec-Fetch-Site}, which old browsers do not send; null when it is missing
     * @throws CallFailed {@link ErrorCode#CROSS_ORIGIN} unless the headers that are there prove it
     */
    public void check(@Nullable String origin, @Nullable String site) {
        if (isProven(origin, site)) return;
        throw new CallFailed(
                ErrorCode.CROSS_ORIGIN,
                "The cookie is accepted only from pages of the tokenizer's own origin; call from such a page, or send a"
                        + " JWT in the header authorization.");
    }

    /** Whether the headers prove it; see {@link #check}. */
    public boolean isProven(@Nullable String origin, @Nullable String site) {
        return origin == null ? SAME.equals(site) : origin.equals(own) && (site == null || SAME.equals(site));
    }
}
