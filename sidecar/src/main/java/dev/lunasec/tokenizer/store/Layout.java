package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.tokenizer.token.Expiry;
import dev.lunasec.tokenizer.token.ObjectName;
import dev.lunasec.tokenizer.token.RecordId;

/** The names of {@link BucketLayout} for records and data objects that the tokenizer knows by their types. */
public final class Layout {
    private Layout() {}

    public static String record(int share, RecordId id) {
        return BucketLayout.record(share, id.hex());
    }

    public static String quarantined(int share, RecordId id) {
        return BucketLayout.quarantined(share, id.hex());
    }

    public static String erased(RecordId id) {
        return BucketLayout.erased(id.hex());
    }

    public static String expiry(Expiry expiry) {
        return BucketLayout.expiring(expiry.day()) + expiry.record();
    }

    public static String object(ObjectName name) {
        return BucketLayout.object(name.hex());
    }
}
