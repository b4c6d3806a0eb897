package dev.lunasec.tokenizer.auth;

import java.util.Locale;

/**
 * Who calls, after their credentials were checked.
 *
 * @param kind what they may do follows from this
 * @param issuer the name that the settings have for whoever vouches for the caller; sessions of two issuers have nothing in common
 * @param session the session that grants are given to; empty for a caller without one, as applications are. A secret.
 */
public record Caller(Kind kind, String issuer, String session) {

    /** The kinds of callers; the {@code sub} claim of a JWT names one in lower case. */
    public enum Kind {
        USER,
        APPLICATION,
        DEVELOPER
    }

    /** Whose credentials these are, for the audit log: {@code shop/application} for example. */
    public String subject() {
        return issuer + "/" + kind.name().toLowerCase(Locale.ROOT);
    }

    /** Without the session. */
    @Override
    public String toString() {
        return "Caller[" + subject() + "]";
    }
}
