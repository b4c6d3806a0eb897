package dev.lunasec.operator.bucket;

/** What is seen of one setting. */
public enum SettingState {
    /** As it should be. */
    RIGHT,
    /** Absent, or another value. */
    WRONG,
    /** The store does not know it. */
    UNKNOWN_TO_STORE,
    /** The account may not look. */
    HIDDEN
}
