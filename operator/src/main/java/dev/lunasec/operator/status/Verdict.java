package dev.lunasec.operator.status;

/**
 * What is said about one condition.
 *
 * @param reason one word for programs, PascalCase
 * @param message one sentence for people that says what to do
 */
public record Verdict(Truth truth, String reason, String message) {
    /** What a condition can be; the names are those of the API. */
    public enum Truth {
        True,
        False,
        Unknown
    }

    public static Verdict yes(String reason, String message) {
        return new Verdict(Truth.True, reason, message);
    }

    public static Verdict no(String reason, String message) {
        return new Verdict(Truth.False, reason, message);
    }

    public static Verdict unknown(String reason, String message) {
        return new Verdict(Truth.Unknown, reason, message);
    }

    public boolean holds() {
        return truth == Truth.True;
    }
}
