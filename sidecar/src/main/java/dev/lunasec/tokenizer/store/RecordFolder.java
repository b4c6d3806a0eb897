package dev.lunasec.tokenizer.store;

import dev.lunasec.contract.BucketLayout;
import dev.lunasec.tokenizer.token.RecordId;

/** Where a record is. In each folder there is one folder for each share. */
public enum RecordFolder {
    /** The token can be read. */
    RECORDS {
        @Override
        public String of(int share) {
            return BucketLayout.records(share);
        }
    },
    /** The value is being uploaded in parts, and the record waits for it. */
    UPLOADS {
        @Override
        public String of(int share) {
            return BucketLayout.uploads(share);
        }
    };

    /** The folder of the records that are sealed with a share; it ends in a slash. */
    public abstract String of(int share);

    /** The name of a record that is sealed with a share. */
    public String name(int share, RecordId id) {
        return of(share) + id.hex();
    }
}
