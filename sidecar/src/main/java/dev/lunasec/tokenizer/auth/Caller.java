package dev.lunasec.tokenizer.auth;

/**
 * Who calls, after their credentials were checked.
 *
 * @param kind what they may do follows from this
 * @param subject whose credentials these are, for the audit log: the issuer's name and the {@code sub} claim
 * @param session the session that grants are given to; empty for a caller without one, as applications are. A secret.
 */
public record Caller(Kind kind, String subject, String session) {

    /** The kinds of callers; the {@code sub} claim of a JWT names one in lower case. */
    public enum Kind {
        USER,
        APPLICATION,
        DEVELOPER
    }

    /** Without the session. */
    @Override
    public String toString() {
        return "Caller[" + kind + ", " + subject + "]";
    }
}
