package dev.lunasec.operator.bucket;

/** What the store says about one setting. */
public enum SettingState {
    /** It has the value that the vault needs. */
    MATCHES,
    /** It is absent or has another value. */
    DIFFERS,
    /** The store does not know the setting. */
    UNSUPPORTED,
    /** The account may not read the setting. */
    DENIED
}
