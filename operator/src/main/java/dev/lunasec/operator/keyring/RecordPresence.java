package dev.lunasec.operator.keyring;

/** Whether the store holds records: of the vault, or of one share. */
public enum RecordPresence {
    /** The store has listed none. */
    NONE,
    /** The store has listed at least one. */
    SOME,
    /** The store could not be asked, so records may exist. */
    UNKNOWN
}
