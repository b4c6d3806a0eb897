package dev.lunasec.operator.status;

/**
 * What one condition of the status says.
 *
 * @param truth the status of the condition
 * @param reason one stable word for programs, in PascalCase
 * @param message one sentence for people that says what to do
 */
public record Verdict(Truth truth, String reason, String message) {
    /** The status of a condition; the names are those of the Kubernetes API. */
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

    /** Whether the condition is true. */
    public boolean holds() {
        return truth == Truth.True;
    }
}
