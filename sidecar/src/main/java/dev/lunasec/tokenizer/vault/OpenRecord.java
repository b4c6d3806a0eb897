package dev.lunasec.tokenizer.vault;

import dev.lunasec.tokenizer.token.Payload;
import dev.lunasec.tokenizer.token.Record;

/** A record and what its token opens in it. */
record OpenRecord(Record record, Payload payload) {

    /** Without the payload. */
    @Override
    public String toString() {
        return "OpenRecord[" + record.id() + "]";
    }
}
