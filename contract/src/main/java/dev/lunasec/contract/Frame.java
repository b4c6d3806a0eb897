package dev.lunasec.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How browsers reach the tokenizer. Origins are in the form in which browsers write the header {@code Origin}.
 *
 * @param origin the origin of the tokenizer for browsers; null when none calls
 * @param allowedOrigins the origins of the pages that can embed the secure frame, and ask whether their user is logged
 *     in
 */
public record Frame(@Nullable String origin, List<String> allowedOrigins) {
    /** No browser calls. */
    public static final Frame NONE = new Frame(null, List.of());

    public Frame {
        origin = origin == null ? null : SettingsRules.origin("frame.origin", origin);
        allowedOrigins = SettingsRules.list("frame.allowedOrigins", allowedOrigins).stream()
                .map(page -> SettingsRules.origin("frame.allowedOrigins", page))
                .toList();
    }

    /** Whether a page may embed the secure frame, which needs an origin of its own. */
    public boolean servesFrame() {
        return origin != null && !allowedOrigins.isEmpty();
    }

    /** The tokenizer takes the cookie of a login only from pages of its own origin, which it must know. */
    void checkLogins(List<Issuer> issuers) {
        if (origin != null) return;
        for (Issuer issuer : issuers) {
            if (issuer.loginUrl() == null) continue;
            throw new InvalidSettings("issuers[].loginUrl of " + issuer.name()
                    + " is set, but frame.origin is missing; write the origin at which browsers reach the tokenizer.");
        }
    }
}
