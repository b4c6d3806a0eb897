package dev.lunasec.operator.keyring;

/** Whether the store holds records: of the vault, or of one share. */
public enum RecordPresence {
    /** The store has listed none. Of one share: it has listed the start markers of the share. */
    NONE,
    /** The store has listed at least one. */
    SOME,
    /**
     * The store has listed none of a share, and not all start markers of the share either. So the listing may lack
     * records: something hides a folder, or the store is a replica without what is older than its replication.
     */
    UNPROVEN,
    /** The store could not be asked, so records may exist. */
    UNKNOWN
}
