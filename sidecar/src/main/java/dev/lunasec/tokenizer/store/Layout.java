package dev.lunasec.tokenizer.store;

import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.RecordId;

/** Where in the bucket what stands; {@code docs/records.md} says why. */
public final class Layout {
    /** The records of all shares, a folder for each. */
    public static final String RECORDS = "records/";

    /** What was under a share and is no record that opens, a folder for each share. */
    public static final String QUARANTINE = "quarantine/";

    /** A marker for each record that was erased. */
    public static final String ERASED = "erased/";

    private Layout() {}

    /** The folder of the records of a share. */
    public static String records(int share) {
        return RECORDS + share + "/";
    }

    public static String record(int share, RecordId id) {
        return records(share) + id.hex();
    }

    /** The folder of what was taken from among the records of a share. */
    public static String quarantine(int share) {
        return QUARANTINE + share + "/";
    }

    public static String quarantined(int share, RecordId id) {
        return quarantine(share) + id.hex();
    }

    public static String erased(RecordId id) {
        return ERASED + id.hex();
    }

    public static String object(ObjectName name) {
        return "objects/" + name.hex();
    }
}
