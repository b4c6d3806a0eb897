package dev.lunasec.operator.bucket;

/**
 * How one setting of the bucket went.
 *
 * @param name of the {@link Setting}
 * @param message one sentence, empty when there is nothing to say
 */
public record SettingResult(String name, Result result, String message) {
    /** How it went. */
    public enum Result {
        /** It was not as it should be, and now is. */
        APPLIED,
        /** It is as it should be. */
        UNCHANGED,
        /** The store does not know it, or stops working with it. */
        UNSUPPORTED,
        /** The account may not, or must not, set it. */
        DENIED
    }
}
